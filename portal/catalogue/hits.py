"""Choosing among the entries in memory by their facet tokens and their state, and counting them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.search.shelf import Shelf
from programs.models import Entry

from .order import recommended, sort_order

MINUTE = 60
RULE = "empfohlen"


def order_of(shelf: Shelf, name: str) -> list[int]:
    """Positions in a sort order. The database sorts, once for each version of the content.

    „Empfohlen“ follows events that come near and confirmations that grow old, so it is sorted anew every
    minute, as the pages are made anew (``portal/public.py``).
    """

    def read() -> list[int]:
        found = Entry.objects.joinable()
        found = recommended(found) if name == RULE else found.order_by(*sort_order(name))
        return shelf.positions(found.values_list("pk", flat=True))

    found: list[int] = shelf.kept(name, read, seconds=MINUTE if name == RULE else 0)
    return found


@dataclass(frozen=True)
class Filtered:
    """The entries in the wanted state that match every facet.

    ``without``: active facet → the entries that match all facets except that one. ``besides``: how many
    match in other states.
    """

    shelf: Shelf
    entries: int
    without: Mapping[str, int]
    besides: Mapping[str, int]

    def number(self, facet: str, token: str) -> int:
        """How many entries carry ``token`` and match the choices in the other facets."""
        found = self.without.get(facet, self.entries)
        return (found & self.shelf.tokens.get(token, 0)).bit_count()


def filtered(shelf: Shelf, found: int, chosen: Mapping[str, Iterable[str]], state: str) -> Filtered:
    """``found``: the entries to choose from. ``chosen``: facet → the tokens of which one must be carried."""
    carrying = {name: shelf.carrying(tokens) for name, tokens in chosen.items()}
    wanted = shelf.states.get(state, 0)
    without = {}
    for name in carrying:
        others = found & wanted
        for other, entries in carrying.items():
            others &= entries if other != name else others
        without[name] = others
    matching = found
    for entries in carrying.values():
        matching &= entries
    numbers = {
        other: (matching & entries).bit_count()
        for other, entries in shelf.states.items()
        if other != state
    }
    return Filtered(shelf, matching & wanted, without, numbers)
