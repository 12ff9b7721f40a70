"""Rules for simple German that a program can measure: what is wrong with a text, and how long its sentences are.

They follow DIN SPEC 33429 and the Netzwerk Leichte Sprache as far as one can count: short sentences, no passive, no
genitive, long compounds with a hyphen or a dot. Whether a text is understood, only its readers can say.
"""

import json
import re
from collections.abc import Iterator

import polib
from django.conf import settings

LONGEST_SENTENCE = 16
AVERAGE_SENTENCE = 12.0
LONGEST_WORD = 14
"""Letters without a hyphen or a dot."""

WORD = re.compile(r"[^\W\d_]+(?:[-·][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
LETTERS = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"[^.!?:]+")
SOURCE = re.compile(r"^\*Quelle.*$", re.MULTILINE)
LINK = re.compile(r"\]\([^)]*\)|https?://\S+|\S+@\S+")
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")
TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
POINT_INSIDE = re.compile(
    r"(?<=\d)[.:](?=\s?\d)|(?<=\d)\.(?=\s[A-ZÄÖÜ])|(?<=\be)\.(?= V)|\b(Nr|Abs|Art)\."
)
MEANS_PASSIVE = re.compile(r"\b(wird|werden|wurden?|worden|werdet)\b")
PARTICIPLE = re.compile(
    r"\b(?:\w+-)?(?:\w*ge\w{2,}(?:t|en)|\w+iert|(?:be|ver|er|ent|zer)\w{3,}(?:t|en))\b"
)
GENITIVE = re.compile(r"\b(des|eines)\b (?!\w*\bist\b)")
GENITIVE_CHAIN = re.compile(r"\b[A-ZÄÖÜ]\w+ der (?:\w+ )?[A-ZÄÖÜ]\w+ der [A-ZÄÖÜ]")

NAMES = {
    "Arbeiterwohlfahrt",
    "Ausbildungscampus",
    "Freiwilligenportal",
    "Informationstechnik",
    "Landeshauptstadt",
    "Schwierigkeiten",
    "WillkommensPate",
    "WillkommensPaten",
    "WillkommensPatin",
}
"""Names stay as they are written elsewhere; „Schwierigkeiten“ is not put together of several words."""
NO_PASSIVE = {"wird wieder geöffnet"}
"""Phrases that the rough rule takes for a passive."""


def plain(text: str) -> str:
    """``text`` without marks, addresses and sources; what a program puts in is one short word."""
    found = LINK.sub("]", SOURCE.sub("", text))
    found = TAG.sub(" ", HOLE.sub("Haus", found))
    return re.sub(r"[*#\[\]„“]", "", found)


def sentences(text: str) -> list[str]:
    """A line ends a sentence, as its reader sees it."""
    found = []
    for line in plain(text).splitlines():
        found += SENTENCE.findall(POINT_INSIDE.sub("", line))
    return [one.strip() for one in found if WORD.search(one)]


def number_of_words(sentence: str) -> int:
    return len(WORD.findall(sentence))


def average(texts: list[str]) -> float:
    counted = [number_of_words(one) for text in texts for one in sentences(text)]
    return sum(counted) / len(counted)


def faults(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if number_of_words(sentence) > LONGEST_SENTENCE:
            yield f"{number_of_words(sentence)} words: {sentence}"
        if is_passive(sentence):
            yield f"passive: {sentence}"
        if GENITIVE.search(sentence) or GENITIVE_CHAIN.search(sentence):
            yield f"genitive: {sentence}"
        yield from (f"long word: {word}" for word in long_words(sentence))
    if sentences(text) and average([text]) > AVERAGE_SENTENCE:
        yield f"{average([text]):.1f} words a sentence: {text}"


def is_passive(sentence: str) -> bool:
    if any(phrase in sentence for phrase in NO_PASSIVE):
        return False
    return bool(MEANS_PASSIVE.search(sentence) and PARTICIPLE.search(sentence))


def long_words(sentence: str) -> list[str]:
    return [w for w in LETTERS.findall(sentence) if len(w) > LONGEST_WORD and w not in NAMES]


def texts_of_records() -> dict[str, str]:
    path = settings.BASE_DIR / "portal" / "data" / "texts" / "leichte-sprache.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return {
        f"{key}, {name}": one["text"]
        for key, columns in found.items()
        for name, one in columns.items()
    }


def texts_of_catalogue() -> dict[str, str]:
    path = settings.LOCALE_PATHS[0] / "leichte_Sprache" / "LC_MESSAGES" / "django.po"
    found: dict[str, str] = {}
    for entry in polib.pofile(str(path)):
        for form in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            found[f"{entry.msgid} → {form[:20]}"] = form
    return found


def texts_of_templates() -> dict[str, str]:
    """Templates of their own for simple German, where the structure of the other one asks too much."""
    found = (settings.BASE_DIR / "templates").rglob("*_simple.html")
    return {str(path): TEMPLATE.sub("", path.read_text(encoding="utf-8")) for path in found}


def all_texts() -> dict[str, dict[str, str]]:
    return {
        "records": texts_of_records(),
        "interface": texts_of_catalogue(),
        "templates": texts_of_templates(),
    }
