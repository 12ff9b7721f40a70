"""``manage.py migrate`` that stops nobody's work: it waits a second for a lock, then lets the others pass."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 1
TRIES = 60
PAUSE_SECONDS = 2.0
COLLECT_EVERY = 20
"""Migrations between two searches for garbage: so memory stays below about 500 MB."""


class Command(migrate.Command):
    """Django's command. A table that is in use is tried again, up to ``TRIES`` times.

    Whoever comes after a waiting ``ALTER TABLE`` waits behind it, readers too, so it must not wait for
    long. A migration without a transaction waits as long as it takes: it builds an index
    concurrently, which holds up nobody.
    """

    applied = 0

    def handle(self, *args: Any, **options: Any) -> None:
        self.connection = connections[options["database"]]
        try:
            for _number in range(TRIES):
                try:
                    with rare_collection():
                        super().handle(*args, **options)
                    return
                except OperationalError as error:
                    if not isinstance(error.__cause__, LockNotAvailable):
                        raise
                if options["verbosity"]:
                    self.stdout.write(_("Eine Tabelle ist in Gebrauch; gleich noch einmal."))
                time.sleep(PAUSE_SECONDS)
        finally:
            with self.connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
        raise CommandError(
            _(
                "Eine Tabelle ist zu lange in Gebrauch. Die Migrationen davor sind fertig; bitte "
                "später noch einmal migrate, wenn weniger los ist."
            )
        )

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if action in {"apply_start", "unapply_start"} and migration is not None:
            seconds = LOCK_SECONDS if migration.atomic else 0
            with self.connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{seconds}s'")
            self.applied += 1
            if self.applied % COLLECT_EVERY == 0:
                gc.collect()
        super().migration_progress_callback(action, migration, fake)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Without Python's search for garbage, but for one every ``COLLECT_EVERY`` migrations.

    Each migration makes the models of that time anew, thousands of classes in all. Searched as usual, they
    take two fifths of the time that the migrations of an empty database take.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
