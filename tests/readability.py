"""How hard a German text is to read, and the sentences of a page to measure.

Two formulas, because each errs on its own: the first Wiener Sachtextformel counts syllables and short words
(Bamberger/Vanecek, Lesen – Verstehen – Lernen – Schreiben, Wien 1984; its value is a school year, 4 to 15),
LIX long words and sentences (Björnsson, Läsbarhet, Stockholm 1968; below 40 is easy, above 60 very hard).

textstat has both, but it brings nltk with it and counts syllables by places where a word may be hyphenated
(„Abend“ would have one), which is wrong for the words that decide here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.markup import Document, Element

WORD = re.compile(r"[A-Za-zÄÖÜäöüßéèà]+")
VOWELS = re.compile(r"aa|ai|au|ay|äu|ee|ei|eu|ey|ie(?!r?ung)|oo|ou|[aeiouyäöüéèà]", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?:]+[.!?:]+")
ABBREVIATIONS = re.compile(
    r"\b(z\. ?B|d\. ?h|u\. ?a|e\. ?V|bzw|Std|St|Nr|Abs|Art)\.", re.IGNORECASE
)
BLOCKS = {
    "p",
    "li",
    "dd",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "label",
    "legend",
    "summary",
    "td",
    "th",
    "div",
}
NOT_READ = {"script", "style", "nav", "select", "svg", "option"}
LEAST_WORDS = 3
"""A shorter piece is a label, not a sentence."""


@dataclass(frozen=True)
class Text:
    """The measures of some sentences."""

    sentences: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return [word for sentence in self.sentences for word in WORD.findall(sentence)]

    def _share(self, of: list[bool]) -> float:
        return 100 * sum(of) / len(of)

    @property
    def sentence_length(self) -> float:
        """Words in a sentence, on average."""
        return len(self.words) / len(self.sentences)

    @property
    def long_words(self) -> float:
        """Percentage of words with more than six letters."""
        return self._share([len(word) > 6 for word in self.words])

    @property
    def wiener(self) -> float:
        """First Wiener Sachtextformel: the school year that can read the text."""
        syllables = [count_syllables(word) for word in self.words]
        many = self._share([number >= 3 for number in syllables])
        one = self._share([number == 1 for number in syllables])
        return (
            0.1935 * many
            + 0.1672 * self.sentence_length
            + 0.1297 * self.long_words
            - 0.0327 * one
            - 0.875
        )

    @property
    def lix(self) -> float:
        return self.sentence_length + self.long_words


def count_syllables(word: str) -> int:
    """Groups of vowels that sound as one; at least one."""
    return max(1, len(VOWELS.findall(word)))


def split(text: str) -> tuple[str, ...]:
    """The sentences of running text; what ends without a mark, or is short, is none."""
    plain = ABBREVIATIONS.sub(lambda found: found[0].replace(".", ""), text)
    plain = re.sub(r"(?<=\d)[.:](?=\s?\d|\s[A-ZÄÖÜ])", "", plain)
    found = (" ".join(one.split()) for one in SENTENCE.findall(plain))
    return tuple(one for one in found if len(WORD.findall(one)) >= LEAST_WORDS)


def of_page(html: str, names: Iterable[str] = ()) -> Text:
    """The sentences in the main part of a page, each block by itself.

    ``names`` of organisations and offers count as one short word: nobody can write them more plainly.
    """
    (main,) = [one for one in Document(html).root.walk() if one.tag == "main"]
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest_first)) or "$^")
    blocks = (found.sub("Haus", " ".join(block.split())) for block in _blocks(main))
    return Text(tuple(sentence for block in blocks for sentence in split(block)))


def _blocks(element: Element) -> Iterator[str]:
    """Texts of the innermost blocks, without what is marked as no text of ours (names, sources)."""
    text = ""
    for inner in element.inside:
        if isinstance(inner, str):
            text += inner
        elif inner.tag in NOT_READ or "stand" in inner.get("class").split():
            continue
        elif inner.tag in BLOCKS or any(one.tag in BLOCKS for one in inner.walk()):
            yield from _blocks(inner)
        else:
            text += _text(inner)
    yield text


def _text(element: Element) -> str:
    if element.tag in NOT_READ:
        return ""
    return "".join(one if isinstance(one, str) else _text(one) for one in element.inside)
