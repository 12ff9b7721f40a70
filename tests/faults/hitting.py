"""One fault: from its beginning, through the outage, until everybody is served again; then the promises."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import psycopg

from tests.faults.books import Sums, now
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until
from tests.faults.table import Row, Table

IN_HAND = 4
"""Mails that two workers hand over at one moment. If they or the database are cut off just then, these may go
again, with the same Message-ID (``test_mail.py`` says why)."""
PATIENCE = 300
"""Seconds after which a recovery counts as one that needs a hand; it should take 10."""
CALM_SECONDS = 3
"""Seconds after a recovery in which nobody is told anything but what they asked for."""


class Fault:
    def __init__(self, portal: Portal, load: Load, name: str) -> None:
        self.portal, self.load, self.name = portal, load, name
        self.copies = 0
        """Mails that may come a second time, with the same Message-ID."""
        self.began = now()
        self._ended = 0.0
        self._copies_before = self._copies_now()

    def is_over(self) -> None:
        """What was broken is whole again; the recovery counts from here, by default from the end of the block."""
        self._ended = self._ended or now()

    def row(self) -> Row:
        """Its line of the table; everything that was ever acknowledged is looked at again."""
        books = self.load.books
        wait_until(self._is_well, PATIENCE)
        well_at = now()
        wait_until(lambda: now() - well_at > CALM_SECONDS)
        sums = self._sums()
        failures = books.failures(self.began)
        return Row(
            self.name,
            acknowledged=books.acknowledged_since(self.began),
            lost=sorted(sums.lost),
            missing=sorted(sums.missing),
            doubled=sorted(sums.doubled),
            copies=self._copies_now() - self._copies_before,
            errors=[told for told in failures if told.status == 500],
            later=sum(told.status == 503 for told in failures),
            broken=sum(told.status == 0 for told in failures),
            without_date=[t for t in failures if t.status == 503 and not t.may_come_back],
            afterwards=[told for told in failures if well_at <= told.at < well_at + CALM_SECONDS],
            seconds=well_at - self._ended,
        )

    def _is_well(self) -> bool:
        """People and staff are served again, and no mail of before is under way."""
        books = self.load.books
        latest = [max(one.values(), default=0.0) for one in (books.signed_up, books.confirmed)]
        served = min(*latest, books.page[0]) > self._ended
        with suppress(psycopg.OperationalError):  # the database is not there for the test, either
            return served and not self._sums().missing
        return False

    def _sums(self) -> Sums:
        with self.portal.connect() as database:
            return self.load.books.sums(database, self.portal.mails, self._ended)

    def _copies_now(self) -> int:
        numbers = [str(mail["Message-ID"]) for mail in list(self.portal.mails.messages)]
        return len(numbers) - len(set(numbers))


Hit = Callable[[str], AbstractContextManager[Fault]]


def hitting(portal: Portal, load: Load, table: Table) -> Hit:
    """``with hit("what breaks") as fault:`` break it and mend it; the end of the block requires the promises."""

    @contextmanager
    def hit(name: str) -> Iterator[Fault]:
        fault = Fault(portal, load, name)
        yield fault
        fault.is_over()
        row = fault.row()
        table.add(row)
        if row.errors:
            print(portal.said_by("web"))  # noqa: T201 - pytest shows it with the failure
        row.require(copies=fault.copies)

    return hit
