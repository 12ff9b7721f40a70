"""PostgreSQL restarts, is gone, has no connection left."""

import time
from contextlib import ExitStack

import psycopg
import pytest

from tests.faults.hitting import IN_HAND, Hit
from tests.faults.installation import Portal

pytestmark = [pytest.mark.faults, pytest.mark.slow]

GONE_SECONDS = 30
FULL_SECONDS = 6


def test_postgresql_restarts(portal: Portal, hit: Hit) -> None:
    with hit("restart of PostgreSQL") as fault:
        fault.copies = IN_HAND
        portal.stop_postgresql()
        portal.start_postgresql()


def test_postgresql_is_gone(portal: Portal, hit: Hit) -> None:
    with hit(f"PostgreSQL gone for {GONE_SECONDS} s") as fault:
        fault.copies = IN_HAND
        portal.stop_postgresql()
        time.sleep(GONE_SECONDS)
        portal.start_postgresql()


def test_all_connections_are_used_up(portal: Portal, hit: Hit) -> None:
    """Somebody else takes every connection, and those of the portal are lost on top of it."""
    with (
        hit(f"all connections of PostgreSQL used up for {FULL_SECONDS} s") as fault,
        ExitStack() as theirs,
    ):
        fault.copies = IN_HAND
        master = theirs.enter_context(portal.connect())
        end = time.monotonic() + FULL_SECONDS
        while time.monotonic() < end:
            take_all(portal, theirs)
            master.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = 'portal' AND application_name <> 'greedy'"
                " AND pid <> pg_backend_pid()"
            )
            time.sleep(0.05)


def take_all(portal: Portal, theirs: ExitStack) -> None:
    given = {name: portal.environment[f"PG{name.upper()}"] for name in ("host", "port", "user")}
    while True:
        try:
            taken = psycopg.connect(**given, dbname="portal", application_name="greedy")
        except psycopg.OperationalError:
            return
        theirs.enter_context(taken)
