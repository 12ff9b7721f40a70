"""What a process remembers of the content: read once for a version and a day.

A page is made anew each minute (``portal/public.py``), and most of what it shows has not changed since. What
is remembered depends on the database, on the day and on its key, on nothing else: not on the minute, nor on the
language. It is for public pages and for public forms, which ask under their locks whether it is still so
(:func:`programs.versions.is_still_so`). Pages with people and everything else that writes read for themselves.
"""

import datetime
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.utils import timezone

from . import versions

T = TypeVar("T")
MOST = 500
"""Things that are remembered at a time; one has about 13 kB."""

NOTHING = object()
Of = tuple[str, datetime.date]
_remembered: list[tuple[Of, dict[Hashable, Any]]] = []


def read_once(key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` gives. All requests share it, so nobody may change it; what it raises is not kept."""
    version = versions.in_block()
    if version is None:
        return read()
    things = _things((version, timezone.localdate()))
    if (found := things.get(key, NOTHING)) is NOTHING:
        found = read()
        if len(things) >= MOST:
            things.clear()
        things[key] = found
    return cast("T", found)


def _things(of: Of) -> dict[Hashable, Any]:
    for known, things in _remembered[:]:
        if known == of:
            return things
    new: dict[Hashable, Any] = {}
    _remembered[:] = [(of, new)]
    return new
