"""Notes for editors in the text of a page: staff see them in the administration, the public does not.

A note is a paragraph or a list item that begins with „Von der Stadt zu ergänzen:“, bold or not. Public
pages leave it out, and with it every heading that has nothing else below it.
"""

import re

MARK = "Von der Stadt zu ergänzen"
_BEGINS = re.compile(rf"\s*(?P<item>[-*+] +|\d+[.)] +)?\**{MARK}\b", re.IGNORECASE)
_ITEM = re.compile(r"\s*([-*+] +|\d+[.)] +)")
_HEADING = re.compile(r"(#{1,6}) ")


def without_notes(text: str) -> str:
    """The text that the public sees."""
    return _without_empty_headings(_split(text)[0])


def notes(text: str) -> list[str]:
    """The notes, each without its mark: what staff still have to add."""
    found = ("\n".join(lines) for lines in _split(text)[1])
    return [re.sub(rf"^\W*{MARK}\W*", "", one, flags=re.IGNORECASE).strip() for one in found]


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    """The lines of the text, and those of each note. A note ends at an empty line or the next list item."""
    kept: list[str] = []
    found: list[list[str]] = []
    in_note = False
    for line in text.splitlines():
        if _BEGINS.match(line):
            in_note = True
            found.append([line])
        elif in_note and line.strip() and not _ITEM.match(line) and not _HEADING.match(line):
            found[-1].append(line)
        else:
            in_note = False
            kept.append(line)
    return kept, found


def _without_empty_headings(lines: list[str]) -> str:
    """Leave out headings that are followed by no text before the next heading of their level or above."""
    kept: list[str] = []
    below, has_text = 0, False  # the level of the heading that follows, and what stands before it
    for line in reversed(lines):
        heading = _HEADING.match(line)
        if heading is None:
            has_text = has_text or bool(line.strip())
        elif has_text or below > len(heading[1]):
            below, has_text = len(heading[1]), False
        else:
            continue
        kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reversed(kept))).strip()
