"""What a web process knows about PostgreSQL while it is away.

Every request that needs the database would wait two seconds for a connection, until all threads wait
and nothing is answered any more, not even static files. So after a failure only one request at a time
asks for the database; all others are answered at once: by a page that is kept, or by 503.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
from django.db import Error, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg_pool import ConnectionPool

ANSWERS_WITHIN = 0.5
"""Seconds in which the database has to answer when it is asked whether it is there."""
STATEMENT_MS = 400
"""Milliseconds that one query of a health check may take."""
NO_DATABASE = "does not answer"
PAUSE = 1.0
"""Seconds after a failure until it is asked again."""

View = TypeVar("View", bound=Callable[..., Any])


def copes_with_outages(view: View) -> View:
    """Let ``view`` be called while the database is known to be away (``OverloadMiddleware``)."""
    marked: Any = view
    marked.copes_with_outages = True
    return view


class Outage:
    """The state of this process: on from the first failure until the database has answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on = False
        self._ask_again_at = 0.0

    def begins(self) -> None:
        """A request failed for want of the database. The connections that are kept open are replaced."""
        with self._lock:
            if self._on:
                return
            self._on = True
            self._ask_again_at = 0.0
        pool().drain()

    def is_on(self) -> bool:
        """Whether the database is away. One thread at a time asks it, and after ``PAUSE`` seconds again."""
        if not self._on:
            return False
        with self._lock:
            if time.monotonic() < self._ask_again_at:
                return True
            self._ask_again_at = time.monotonic() + ANSWERS_WITHIN + PAUSE
        self._on = not answers()
        return self._on


def answers() -> bool:
    """Whether the database answers within ``ANSWERS_WITHIN`` seconds; asks on a connection of its own."""
    try:
        with pool().connection(timeout=ANSWERS_WITHIN) as direct:
            direct.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def pool() -> ConnectionPool[Any]:
    """The connections that this process keeps."""
    pool: ConnectionPool[Any] = cast(DatabaseWrapper, connections["default"]).pool
    pool.open()
    return pool


OUTAGE = Outage()


@contextmanager
def quick_database() -> Iterator[None]:
    """A block of quick queries; raises ``Error`` if the database does not answer in time."""
    if OUTAGE.is_on() or not answers():
        OUTAGE.begins()
        raise Error(NO_DATABASE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
        yield
