"""All entries of one version of the content, in the memory of this process.

Each entry has a position, in the order of the primary keys. A set of entries is a number whose bit at that
position is set, so that „Garten and Arabic, by kind“ is a few operations on numbers of 2.5 kB for 20,000
entries, and none on the database.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Any

from django.db.models import CharField, Func
from django.db.models.expressions import RawSQL

from programs import versions
from programs.models import Entry

from .sets import flags, set_of, union

STATE = """CASE WHEN programs_entry.status = 'active' AND programs_entry.accepts_sign_ups THEN 'open'
    WHEN programs_entry.status = 'active' THEN 'service'
    ELSE programs_entry.status
END"""
"""Whether one can join an entry now: „open“; „service“ is there and takes no sign-ups; „paused“; „ended“."""


class Tokens(Func):
    """An array as one string, joined with spaces. It is faster to read than a list."""

    template = "array_to_string(%(expressions)s, ' ')"
    output_field = CharField()


class Shelf:
    """Keys, tokens and states of all entries that can be listed; read with one query.

    ``tokens`` and ``states``: word → the set of the entries that carry it.
    """

    def __init__(self, version: str | None, rows: Iterable[tuple[int, str, str]]) -> None:
        self.version = version
        self.keys: list[int] = []
        """Position → primary key, ascending."""
        self.carried: list[str] = []
        """Position → tokens, joined with spaces."""
        tokens: dict[str, list[int]] = defaultdict(list)
        states: dict[str, list[int]] = defaultdict(list)
        for position, (key, carried, state) in enumerate(rows):
            self.keys.append(key)
            self.carried.append(carried)
            states[state].append(position)
            for token in carried.split():
                tokens[token].append(position)
        self.position = {key: position for position, key in enumerate(self.keys)}
        self.everything = (1 << len(self.keys)) - 1
        self.tokens = {token: set_of(found, len(self.keys)) for token, found in tokens.items()}
        self.states = {state: set_of(found, len(self.keys)) for state, found in states.items()}
        self._kept: dict[str, tuple[int, Any]] = {}

    def carrying(self, tokens: Iterable[str]) -> int:
        """The entries that carry any of ``tokens``."""
        return union(self.tokens.get(token, 0) for token in tokens)

    def in_order(self, found: int, order: list[int] | None = None) -> list[int]:
        """The primary keys of a set; ``order``: positions, else by primary key."""
        chosen = flags(found, len(self.keys))
        if order is None:
            return list(compress(self.keys, chosen))
        return [self.keys[at] for at in compress(order, map(chosen.__getitem__, order))]

    def kept(self, name: str, make: Any, *, seconds: int = 0) -> Any:
        """What ``make`` gives, made once for this version; with ``seconds`` again after that time.

        It may read the database: what is newer than this version belongs to the next one anyway.
        """
        until, found = self._kept.get(name, (0, None))
        now = int(time.time())
        if now >= until:
            found = make()
            ends = (now // seconds + 1) * seconds if seconds else 1 << 62
            self._kept[name] = ends, found
        return found

    def positions(self, keys: Iterable[int]) -> list[int]:
        """Without entries that came after this version."""
        return [self.position[key] for key in keys if key in self.position]


_lock = threading.Lock()
_shelf: list[Shelf] = []


def shelf() -> Shelf:
    """The entries as they are committed now; read at most once for each version."""
    version = versions.current()
    for kept in _shelf[:]:
        if version is not None and kept.version == version:
            return kept
    with _lock:
        for kept in _shelf[:]:
            if version is not None and kept.version == version:
                return kept
        made = Shelf(version, _rows())
        if version is not None:
            _shelf[:] = [made]
        return made


def _rows() -> Iterator[tuple[int, str, str]]:
    rows = Entry.objects.joinable().order_by("pk").annotate(state=RawSQL(STATE, ()))  # noqa: S611
    return rows.values_list("pk", Tokens("facets"), "state").iterator(chunk_size=5000)
