"""The sections of a text page: each has a heading, and an address of its own on the page."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from programs.slugs import slug_of

_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_NUMBER = re.compile(r"^[\d.]+ ")


def anchor(heading: str) -> str:
    """The end of the address of a section: „8. Versicherung“ is „#abschnitt-versicherung“."""
    return f"abschnitt-{slug_of(_NUMBER.sub('', heading))}"


def sections(text: str) -> Iterator[tuple[str, str, str]]:
    """Heading, anchor and Markdown of each section; what stands before the first heading belongs to none."""
    found = list(_HEADING.finditer(text))
    for one, following in zip_longest(found, found[1:]):
        end = following.start() if following else len(text)
        yield one[1], anchor(one[1]), text[one.end() : end]
