"""The version of the public content. What is kept under a version is never stale.

Triggers (``sql/…_versions.sql``) write a row into the table of ``ContentChange`` in each transaction
that changes a table shown on public pages. The version is a hash of the rows that are committed: it
changes in the moment of the commit, also when transactions commit in another order than they began.
The trigger also deletes old rows, but no set of rows comes twice: each change adds a row with a number
that was never used before.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections, router
from django.http import HttpRequest

from programs.models import ContentChange

READ = """
    SELECT CASE WHEN coalesce(current_setting('portal.content_changed', true), '') = ''
        THEN coalesce(md5(string_agg(id::text, ',' ORDER BY id)), 'none') END
    FROM programs_contentchange
"""


class Line:
    """A connection of this process that asks for nothing but the version.

    Taking one from the pool, checking it and giving it back is four times the question. The question has no
    parameters and is not prepared, so that it may go through PgBouncer.
    """

    GONE_AFTER = 5000
    """Milliseconds without a word from the other machine after which it counts as gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: tuple[int, psycopg.Connection[Any]] | None = None

    def ask(self) -> str | None:
        """Raises ``psycopg.Error`` if there is no answer; then the next call connects anew."""
        with self._lock:
            try:
                result = self._connected().pgconn.exec_(READ.encode())
                if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
                    raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
            except psycopg.Error:
                self.hang_up()
                raise
            value = result.get_value(0, 0)
        return value.decode() if value else None

    def _connected(self) -> psycopg.Connection[Any]:
        process = os.getpid()
        if (
            self._open is None or self._open[0] != process
        ):  # a connection is not for a forked process
            how = connection.get_connection_params() | {"tcp_user_timeout": self.GONE_AFTER}
            self._open = process, psycopg.connect(**how, autocommit=True)
        return self._open[1]

    def hang_up(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


_line = Line()


def _has_a_line() -> bool:
    """Whether this is a web process that reads all pages from one and the same database."""
    return os.environ.get("PORTAL_PROCESS") == "web" and len(settings.DATABASES) == 1


_HANDED_ON = "portal.content_version"
_in_block: ContextVar[str | None] = ContextVar("version", default=None)


def current() -> str | None:
    """The version that is committed now; one small query.

    None if this transaction itself has changed the content: others must not see what it reads.
    Read the version *before* the content that is to be kept under it. If somebody commits in
    between, the content is newer than its version, and is read again.
    """
    return _in_block.get() or _read()


def _read() -> str | None:
    alias = router.db_for_read(ContentChange)
    if _has_a_line() and not connection.in_atomic_block:
        with suppress(psycopg.Error):  # whatever it is, asking on the usual way says so
            return _line.ask()
    with connections[alias].cursor() as cursor:
        cursor.execute(READ)
        (version,) = cursor.fetchone() or (None,)
    return version


@contextmanager
def one_version(known: str | None = None) -> Iterator[str | None]:
    """Reads the version once for all that the block reads of the content; ``known``: it was read already.

    A block that writes what people send asks :func:`is_still_so` under its locks.
    """
    version = known or current()
    token = _in_block.set(version)
    try:
        yield version
    finally:
        _in_block.reset(token)


def in_block() -> str | None:
    """The version of the block of :func:`one_version` that runs just now; None outside of one."""
    return _in_block.get()


def is_still_so() -> bool:
    """Whether what the block has read is what a reader gets now: nobody has committed another content since.

    If somebody has, or this transaction itself has changed it, the block forgets its version: from here on it
    reads for itself (blocks around it do not). False outside of a block.
    """
    known = _in_block.get()
    if known is not None and _read() == known:
        return True
    _in_block.set(None)
    return False


def hand_on(request: HttpRequest, version: str | None) -> None:
    """Keep the version with the request, so that it is not asked for twice.

    Not where pages come from a replica or, while that is away, from the database: each has its own version.
    """
    if len(settings.DATABASES) == 1:
        request.META[_HANDED_ON] = version


def handed_on(request: HttpRequest) -> str | None:
    found: str | None = request.META.get(_HANDED_ON)
    return found
