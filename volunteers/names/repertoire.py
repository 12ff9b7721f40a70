"""Which characters a name may have: DIN 91379, data type A, and the letters of other scripts.

The standard is about names in Latin letters. Who is called محمد or Олена in their own script is
called so here, too, so letters of other scripts are taken as they are (``docs/decisions``).
"""

import json
import re
import unicodedata
from itertools import chain
from pathlib import Path
from typing import Final

from programs.exchange.cells import without_unseen

DATA: Final = json.loads((Path(__file__).parent / "din_91379.json").read_text(encoding="utf-8"))
"""Code points in hexadecimal, with the source and its *Stand*."""


def _characters(ranges: list[str]) -> tuple[str, ...]:
    ends = ([int(end, 16) for end in one.split("-")] for one in ranges)
    return tuple(
        chr(code) for first, *last in ends for code in range(first, (last or [first])[0] + 1)
    )


LETTERS: Final = _characters(DATA["letters"])
SEQUENCES: Final = tuple(
    "".join(chr(int(code, 16)) for code in one.split()) for one in DATA["sequences"]
)
"""Letters that Unicode writes with combining characters, in form NFC: „C̀“, „K͟H“."""
SIGNS: Final = _characters(DATA["signs"])
"""Non-letters N1: what stands in names besides letters, as blank, hyphen and apostrophe."""

_LISTED = re.compile(
    "|".join(
        re.escape(one) for one in chain(sorted(SEQUENCES, key=len, reverse=True), LETTERS, SIGNS)
    )
)
_MARKS_OF_DIRECTION = re.compile("[\u200e\u200f\u061c]")
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters that nobody sees."""
_JOINERS = "\u200c\u200d"
_OF_ALL_SCRIPTS = range(0x2000, 0x2070)
"""General punctuation, as dashes and quotation marks."""


def tidied(text: str) -> str:
    """``text`` in form NFC, with plain blanks and without characters that nobody sees.

    What does harm stays, so that :func:`refused` finds it: control characters, and those that
    turn the direction of the text after them.
    """
    return _MARKS_OF_DIRECTION.sub("", without_unseen(text.replace("\u00a0", " "))).strip(" ")


def refused(name: str) -> str:
    """The first character that no name has, with its combining characters; empty if there is none."""
    text = unicodedata.normalize("NFC", name)
    at, own_script = 0, False
    while at < len(text):
        if found := _LISTED.match(text, at):
            at, own_script = found.end(), False
        elif _is_of_other_script(text[at]) and (own_script or not _is_mark(text[at])):
            at, own_script = at + 1, True
        elif own_script and _joins(text, at):
            at += 1
        else:
            return _whole(text, at)
    return ""


def is_latin(char: str) -> bool:
    """Also of letters in disguise: „Ａ“ (wide), „𝐀“ (mathematical), „ﬁ“ (ligature)."""
    return any("LATIN" in unicodedata.name(one, "") for one in unicodedata.normalize("NFKC", char))


def _is_of_other_script(char: str) -> bool:
    """A letter or mark, apart from Latin ones and from those of phonetic transcription (U+02B0 …)."""
    is_written = unicodedata.category(char)[0] in "LM" and char not in _FILLERS
    return is_written and not is_latin(char) and not "\u02b0" <= char <= "\u02ff"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _joins(text: str, at: int) -> bool:
    """A joiner or a sign of another script between two of its letters, as in „ジョン・スミス“."""
    char, after = text[at], text[at + 1 : at + 2]
    joins = char in _JOINERS or (
        unicodedata.category(char)[0] == "P"
        and ord(char) not in _OF_ALL_SCRIPTS
        and char > "\u00ff"
    )
    return joins and after != "" and _is_of_other_script(after)


def _whole(text: str, at: int) -> str:
    """The character at ``at`` as people see it: a mark with the letter under it."""
    first, last = at, at + 1
    while first > 0 and _is_mark(text[first]):
        first -= 1
    while last < len(text) and _is_mark(text[last]):
        last += 1
    return text[first:last]
