"""Questions that no entry answers and a page does: „Versicherung“, „Fahrkarte“, „Führungszeugnis“."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps

from portal.sections import sections

from .words import all_words, stem

MOST = 2
"""So many sections are shown above the entries."""
LONG = 5
"""Stems of so many letters are also found at the end of compounds."""


class Stems(frozenset[str]):
    """Long ones are also found as the end of a compound."""

    @cached_property
    def _ends(self) -> str:
        return "".join(f"{one} " for one in self)

    def have(self, wanted: str, alike: Mapping[str, Collection[str]]) -> bool:
        """Whether ``wanted`` is there, or something that means the same."""
        if wanted in self or not self.isdisjoint(alike.get(wanted, ())):
            return True
        return len(wanted) >= LONG and f"{wanted} " in self._ends


@dataclass(frozen=True)
class Section:
    heading: str
    page: str
    url: str
    in_heading: Stems
    stems: Stems


def of_pages() -> list[Section]:
    """The sections of all published pages, in the order of the pages' titles."""
    pages = apps.get_model("portal", "Page").objects  # its module imports the models of this room
    return [
        Section(heading, page.title, f"{page.get_absolute_url()}#{anchor}", _stems(heading), found)
        for page in pages.published()
        for heading, anchor, text in sections(page.public_body)
        if (found := _stems(f"{heading} {text}"))
    ]


def answering(
    words: Iterable[str],
    known: Iterable[Section],
    alike: Mapping[str, Collection[str]],
    in_entries: Stems,
) -> list[Section]:
    """Sections that answer ``words`` (folded), at most :data:`MOST`, those with a word in the heading first.

    ``in_entries``: stems that entries have. A section with a word itself in its heading (no synonym: „Sie
    lernen sich kennen“ says nothing of Nachhilfe) has to have all words; one with a word that no entry
    answers, half of them.
    """
    wanted = [stem(word) for word in words]
    on_pages_only = {one for one in wanted if not in_entries.have(one, alike)}
    found = []
    for section in known:
        there = [one for one in wanted if section.stems.have(one, alike)]
        in_heading = any(section.in_heading.have(one, {}) for one in wanted)
        of_its_own = not on_pages_only.isdisjoint(there)
        if (in_heading and len(there) == len(wanted)) or (
            of_its_own and 2 * len(there) >= len(wanted)
        ):
            found.append((not in_heading, section))
    return [section for _, section in sorted(found, key=lambda one: one[0])][:MOST]


def _stems(text: str) -> Stems:
    """Stems of the words; addresses of links are no words."""
    return Stems(stem(word) for word in all_words(re.sub(r"https?://\S+", " ", text)))
