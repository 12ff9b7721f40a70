"""The demo: invented offers, events and people, so that the portal can be tried out.

Nothing of it is part of the starting data, and everything carries ``is_demo``.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from programs.history import by_portal

from . import (
    accesses,
    accounts,
    companions,
    conversations,
    events,
    opportunities,
    people,
    preparation,
    registrations,
    retention,
    security,
    thanks,
)
from .once import Once

SEED = 20261122
"""Seed of everything that is drawn by chance: the same day gives the same demo."""


@dataclass
class DemoReport:
    """How many records were made, by kind."""

    made: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        made = ", ".join(f"{count} {label}" for label, count in self.made.items() if count)
        return f"Angelegt: {made}" if made else "Alles schon da, nichts geändert."


@by_portal("load_demo")
def load_demo(*, now: datetime.datetime | None = None) -> DemoReport:
    """Make what is not there yet, in one transaction; dates are counted from ``now``.

    A record is made once: what was changed or deleted since stays so. Needs the starting data
    (``load_reference``); raises ``Organisation.DoesNotExist`` without it.
    """
    now = now or timezone.now()
    report = DemoReport()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE portal_loadedrecord IN SHARE ROW EXCLUSIVE MODE")
        once = Once()
        report.made["Konten"] = accounts.load(once)
        report.made["Zugänge"] = accesses.load(once, now)
        report.made["Einsatzmöglichkeiten"] = opportunities.load(once, now)
        report.made["Termine"] = events.load(once, now)
        report.made["Engagierte"] = people.load_volunteers(once, now, seed=SEED)
        report.made["Anmeldungen"] = people.load_applications(once, now, seed=SEED)
        report.made["Vorbereitungen"] = preparation.load(once)
        report.made["Nachrichten"] = conversations.load(once, now)
        report.made["Teilnahmen"] = registrations.load(once, now)
        given, issued = thanks.load(once, now, seed=SEED)
        report.made["Stundeneinträge"], report.made["Engagementnachweise"] = given, issued
        report.made["Suchen nach Begleitung"] = companions.load(once, now)
        report.made["Gefragt, ob die Daten bleiben"] = retention.load(once, now)
        report.made["Sicherheitsereignisse"] = security.load(once, now)
    return report
