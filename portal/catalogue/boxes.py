"""The parts of the page: boxes of options with numbers, and chips of active filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.vocabulary import Word


class Option(NamedTuple):
    """A value of a facet. ``number``: how many entries match it and the choices in the other facets."""

    name: str
    value: str
    label: str
    number: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Options that the page shows in one box; a long box can be collapsed."""

    label: str
    options: list[Option]
    is_long: bool

    @property
    def is_active(self) -> bool:
        return any(option.chosen for option in self.options)


class Chip(NamedTuple):
    """An active filter, and the query string of the page without it."""

    label: str
    query: str


def short(text: str) -> str:
    """``text`` as a chip shows it."""
    return Truncator(text).chars(40)


class Besides(NamedTuple):
    """Entries that are in another state than those of the list, and where they are."""

    label: str
    number: int
    query: str


def states() -> list[Word]:
    """The words for :data:`portal.search.shelf.STATE`; the first is what the catalogue shows unasked."""
    return _states(get_language())


@cache
def _states(language: str | None) -> list[Word]:
    """In the active ``language``."""
    return [
        Word("open", "offen", _("zum Mitmachen")),
        Word("service", "ohne-anmeldung", _("Dienste und Hilfen ohne Anmeldung")),
        Word("paused", "pausiert", _("pausiert")),
        Word("ended", "beendet", _("beendet")),
    ]


def besides(
    numbers: Mapping[str, int], pairs: Iterable[tuple[str, str]], shown: str = "open"
) -> list[Besides]:
    """Where the entries are that the list leaves out because of their state; none where there are none.

    ``numbers``: state → how many; ``pairs``: the parameters of the page.
    """
    words = states()
    kept = [pair for pair in pairs if pair[0] != "zustand"]
    return [
        Besides(
            word.label,
            numbers[word.token],
            urlencode([*kept, ("zustand", word.value)] if word is not words[0] else kept),
        )
        for word in words
        if numbers.get(word.token) and word.token != shown
    ]
