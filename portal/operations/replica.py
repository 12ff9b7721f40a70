"""Public pages may read from a replica of PostgreSQL (``DATABASE_REPLICA_URL``), so that they take no load off it.

A replica is a little behind. A page is kept under the version that the replica itself had when the page was made
(``programs/versions.py``), so it changes as soon as the replica knows the change. If the replica does not answer,
pages come from the database itself for a while.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError

T = TypeVar("T")

ALIAS = "replica"
PAUSE = 10.0
"""Seconds for which a replica that failed is left alone."""

_reads: ContextVar[bool] = ContextVar("reads from the replica", default=False)


class Router:
    """Django's router: reads inside of :func:`preferred` go to the replica, everything else does not."""

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        return ALIAS if _reads.get() else None

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        return True  # both are the same database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != ALIAS


class _Rest:
    """Until when this process does not ask the replica."""

    until = 0.0


def preferred(read: Callable[[], T]) -> T:
    """What ``read`` returns, from the replica if there is one that answers. ``read`` must not write."""
    if ALIAS in settings.DATABASES and time.monotonic() >= _Rest.until:
        try:
            with _reading():
                return read()
        except (OperationalError, InterfaceError):
            _Rest.until = time.monotonic() + PAUSE
    return read()


@contextmanager
def _reading() -> Iterator[None]:
    token = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(token)
