"""The version of the public content. What is kept under a version is never stale.

Triggers (``sql/…_versions.sql``) write a row into the table of ``ContentChange`` in each transaction
that changes a table shown on public pages. The version is a hash of the rows that are committed: it
changes in the moment of the commit, also when transactions commit in another order than they began.
The trigger also deletes old rows, but no set of rows comes twice: each change adds a row with a number
that was never used before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connections, router

from programs.models import ContentChange

READ = """
    SELECT CASE WHEN coalesce(current_setting('portal.content_changed', true), '') = ''
        THEN coalesce(md5(string_agg(id::text, ',' ORDER BY id)), 'none') END
    FROM programs_contentchange
"""
_in_block: ContextVar[str | None] = ContextVar("version", default=None)


def current() -> str | None:
    """The version that is committed now; one small query.

    None if this transaction itself has changed the content: others must not see what it reads.
    Read the version *before* the content that is to be kept under it. If somebody commits in
    between, the content is newer than its version, and is read again.
    """
    if known := _in_block.get():
        return known
    with connections[router.db_for_read(ContentChange)].cursor() as cursor:
        cursor.execute(READ)
        (version,) = cursor.fetchone() or (None,)
    return version


@contextmanager
def one_version() -> Iterator[str | None]:
    """Reads the version once for all of the block, which only reads content."""
    version = current()
    token = _in_block.set(version)
    try:
        yield version
    finally:
        _in_block.reset(token)
