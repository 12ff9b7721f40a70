"""Demo data: invented offers, events and people for trying out the portal.

None of it is part of the starting data. Its records have ``is_demo`` set.
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
    concerns,
    conversations,
    cooperation,
    counselling,
    dates,
    enquiries,
    events,
    newsletter,
    opportunities,
    people,
    preparation,
    registrations,
    retention,
    saved_lists,
    saved_searches,
    security,
    shown,
    subscriptions,
    thanks,
    visits,
)
from .once import Once

SEED = 20261122
"""Seed of all random values: two demos loaded on the same day are the same."""


@dataclass
class DemoReport:
    """How many records were made, by kind."""

    made: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        made = ", ".join(f"{count} {label}" for label, count in self.made.items() if count)
        return f"Angelegt: {made}" if made else "Alles schon da, nichts geändert."


@by_portal("load_demo")
def load_demo(*, now: datetime.datetime | None = None) -> DemoReport:
    """Create the records that no earlier run has created, in one transaction. Dates are relative to ``now``.

    A record that somebody has changed or deleted since is left alone. Locks a table, so that two
    runs wait for each other. Needs the starting data (``load_reference``); raises
    ``Organisation.DoesNotExist`` without it.
    """
    now = now or timezone.now()
    report = DemoReport()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE portal_loadedrecord IN SHARE ROW EXCLUSIVE MODE")
        once = Once()
        report.made["Konten"] = accounts.load(once)
        report.made["Zugänge"] = accesses.load(once, now)
        report.made["Programme"] = opportunities.load_programmes(once, now)
        report.made["Einsatzmöglichkeiten"] = opportunities.load(once, now)
        report.made["Termine"] = events.load(once, now)
        report.made["Newsletter-Ausgaben"] = newsletter.load(once, now)
        report.made["Bilder, Stimmen und Geschichten"] = shown.load(once, now)
        report.made["Engagierte"] = people.load_volunteers(once, now, seed=SEED)
        report.made["Anmeldungen"] = people.load_applications(once, now, seed=SEED)
        report.made["Vorbereitungen"] = preparation.load(once)
        report.made["Nachrichten"] = conversations.load(once, now)
        report.made["Kooperationen"] = cooperation.load(once, now)
        report.made["Beratungen"] = counselling.load(once, now)
        report.made["Fragen"] = enquiries.load(once, now)
        report.made["Teilnahmen"] = registrations.load(once, now)
        given, issued = thanks.load(once, now, seed=SEED)
        report.made["Stundeneinträge"], report.made["Engagementnachweise"] = given, issued
        report.made["Suchen nach Begleitung"] = companions.load(once, now)
        report.made["Hinweise"] = concerns.load(once, now)
        report.made["Begleitungen zu einem Termin"] = dates.load(once, now)
        report.made["Besuchszahlen"] = visits.load(once, now, seed=SEED)
        report.made["Newsletter-Bestellungen"] = subscriptions.load(once, now)
        report.made["Suchen per Mail"] = saved_searches.load(once, now)
        report.made["Gefragt, ob die Daten bleiben"] = retention.load(once, now)
        report.made["Gespeicherte Listen"] = saved_lists.load(once)
        report.made["Sicherheitsereignisse"] = security.load(once, now)
    return report
