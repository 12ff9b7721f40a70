"""The text of a mail in its parts, from which the HTML beside it is made.

The text stays the source. Its rules: a blank line ends a block; an address of the portal on a line
of its own is a link, and the line above it, if it ends with a colon, says what it opens; a block
of lines with „> “ is somebody else's text, one with „- “ a list, one that is indented a code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from django.conf import settings
from django.utils.translation import gettext as _

SIGNATURE = "\n-- \n"
"""What separates the text from who sends it (RFC 3676, 4.3)."""
BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")
FACT = re.compile(r"([^:\n]{1,40}): (\S.*)")
LONGEST_LABEL = 60
INDENT = "    "


class Kind(StrEnum):
    TEXT = "text"
    TITLE = "title"
    LINK = "link"
    LIST = "list"
    FACTS = "facts"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True)
class Block:
    kind: Kind
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    label: str = ""
    url: str = ""
    is_main: bool = False
    """Whether it is the first link of the mail, the one that most people need."""


def blocks_of(text: str) -> list[Block]:
    """The parts of ``text`` in their order. A line above facts is their title."""
    found = [block for part in BLANK.split(text.strip("\n")) for block in _blocks(part)]
    for number, (block, after) in enumerate(pairwise(found)):
        if after.kind == Kind.FACTS and block.kind == Kind.TEXT and _is_title(block.lines):
            found[number] = replace(block, kind=Kind.TITLE)
    for number, block in enumerate(found):
        if block.kind == Kind.LINK:
            found[number] = replace(block, is_main=True)
            break
    return found


def _is_title(lines: tuple[str, ...]) -> bool:
    return len(lines) == 1 and not lines[0].endswith((":", "."))


def _blocks(part: str) -> Iterator[Block]:
    lines = part.rstrip().split("\n")
    if all(line.startswith(">") for line in lines):
        yield Block(Kind.QUOTE, tuple(line[1:].removeprefix(" ") for line in lines))
    elif all(line.startswith("- ") for line in lines):
        yield Block(Kind.LIST, tuple(line[2:] for line in lines))
    elif len(lines) == 1 and lines[0].startswith(INDENT):
        yield Block(Kind.CODE, (lines[0].strip(),))
    else:
        yield from _prose([line.strip() for line in lines])


def _prose(lines: list[str]) -> Iterator[Block]:
    """Text, facts and links, as they follow each other without a blank line."""
    before: list[str] = []
    for line in lines:
        if not is_own_address(line):
            before.append(line)
            continue
        label = before.pop() if before and _is_label(before[-1]) else ""
        yield from _text(before)
        before = []
        yield Block(Kind.LINK, label=label.rstrip(":") or _("Seite öffnen"), url=line)
    yield from _text(before)


def is_own_address(line: str) -> bool:
    return line.startswith(f"{settings.SITE_URL}/") and not re.search(r"\s", line)


def _is_label(line: str) -> bool:
    return line.endswith(":") and len(line) <= LONGEST_LABEL


def _text(lines: list[str]) -> Iterator[Block]:
    facts = [FACT.fullmatch(line) for line in lines]
    known = tuple((fact[1], fact[2]) for fact in facts if fact)
    if len(known) > 1 and len(known) == len(lines):
        yield Block(Kind.FACTS, facts=known)
    elif any(lines):
        yield Block(Kind.TEXT, tuple(lines))
