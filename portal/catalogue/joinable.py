"""The entries in memory as pages outside of the catalogue show them: on the home page, of a field, of a district."""

from collections.abc import Container, Iterable

from portal.search.shelf import shelf

from .hits import RULE, order_of

OPEN = "open"


class Entries:
    """Those that can be listed and carry all of ``tokens``, as they are committed now; read at most once a version."""

    def __init__(self, *tokens: str) -> None:
        self._shelf = shelf()
        self._found = self._shelf.everything
        for token in tokens:
            self._found &= self._shelf.tokens.get(token, 0)
        self._open = self._found & self._shelf.states.get(OPEN, 0)

    def open_first(
        self, number: int | None = None, *tokens: str, without: Container[int] = ()
    ) -> list[int]:
        """Primary keys of the first ``number`` that one can join now and that carry all of ``tokens``, „Empfohlen“."""
        found = self._open
        for token in tokens:
            found &= self._shelf.tokens.get(token, 0)
        order = order_of(self._shelf, RULE)
        return [key for key in self._shelf.in_order(found, order) if key not in without][:number]

    def open_counts(self) -> dict[str, int]:
        """How many that one can join now carry each token; without those that none carries."""
        counts = _sizes(self._shelf.tokens.items(), self._open)
        return {token: number for token, number in counts.items() if number}

    def state_counts(self) -> dict[str, int]:
        """How many are in each :data:`portal.search.shelf.STATE`."""
        return _sizes(self._shelf.states.items(), self._found)


def _sizes(sets: Iterable[tuple[str, int]], within: int) -> dict[str, int]:
    return {name: (found & within).bit_count() for name, found in sets}
