"""What a question means: words that name a place, a language, a day or a kind, and the other words.

„samstags arabisch Heslach“ is a day, a language and a Stadtteil. Such a meaning finds the entries that
carry it; the page shows it as a chip, and whoever takes the chip off asks for the plain word.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .words import FILLERS, fold, spelt, words

MOST_WORDS = 12
"""More words of a question are not looked for."""
LONGEST = 4
"""A meaning is named by at most this many words: „Am Bismarckturm“, „ohne Deutsch“."""


SILENT = frozenset(map(fold, FILLERS))


class Meaning(NamedTuple):
    """What one or several words stand for."""

    label: str
    """As the chip shows it."""
    facets: Mapping[str, float]
    """Tokens of entries that fit, each with how well."""
    weight: float


Meanings = Mapping[str, Meaning]
"""Folded words, joined with spaces → their meaning."""


@dataclass
class Question:
    """A question taken apart."""

    understood: list[tuple[str, Meaning]] = field(default_factory=list)
    """The words, folded, and what they mean."""
    plain: list[str] = field(default_factory=list)
    """The other words, folded."""
    spelling: dict[str, str] = field(default_factory=dict)
    """Folded words → how they were typed."""
    left_out: bool = False
    """Whether there were more words than are looked for."""


def understand(text: str, meanings: Meanings, literally: Collection[str] = ()) -> Question:
    """Take ``text`` apart; words in ``literally`` (folded) keep no meaning.

    The longest name wins: „Stuttgart-Süd“, not „Süd“. Words that say nothing are left out, unless
    nothing else is left.
    """
    typed = spelt(text)
    given = [word for word, _spelling in typed[: MOST_WORDS * 2]]
    question, at = Question(spelling=dict(typed), left_out=len(typed) > len(given)), 0
    while at < len(given):
        for length in range(min(LONGEST, len(given) - at), 0, -1):
            name = " ".join(given[at : at + length])
            if name in meanings and name not in literally:
                question.understood.append((name, meanings[name]))
                at += length
                break
        else:
            question.plain.append(given[at])
            at += 1
    telling = [word for word in question.plain if word not in SILENT]
    wanted = telling or ([] if question.understood else question.plain)
    question.plain = wanted[:MOST_WORDS]
    question.left_out |= len(wanted) > MOST_WORDS
    return question


def named(names: Iterable[str], meaning: Meaning) -> dict[str, Meaning]:
    """The same meaning under several names."""
    return {" ".join(words(name)): meaning for name in names}
