"""Invented single dates: two to be taken, one that somebody comes to, one that is over; and who may be asked."""

import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from programs.models import District
from volunteers.models import DateOffer, DateRequest, Volunteer
from volunteers.reads.engaged import BEGUN

from .once import Once

WILLING = 12
"""Volunteers of the demo who may be asked."""
Kind, Asker, Topic, Status = (
    DateRequest.Kind,
    DateRequest.Asker,
    DateRequest.Topic,
    DateRequest.Status,
)


class Row(NamedTuple):
    days: int
    """From now; the key, too."""
    hour: int
    kind: str
    asker: str
    topic: str
    languages: tuple[str, str]
    place: str
    name: str
    status: str = Status.OPEN


ROWS = (
    Row(
        1,
        10,
        Kind.COMPANY,
        Asker.SHELTER,
        Topic.OFFICE,
        ("ar", ""),
        "Eberhardstraße 39",
        "Unterkunft Nord",
    ),
    Row(6, 14, Kind.INTERPRETING, Asker.OFFICE, Topic.SCHOOL, ("uk", "de"), "Tor 2", "Frau Roth"),
    Row(
        3, 9, Kind.COMPANY, Asker.ONESELF, Topic.FLAT, ("fa", ""), "Am Kiosk", "Nilu", Status.TAKEN
    ),
    Row(-4, 11, Kind.COMPANY, Asker.ONESELF, Topic.WORK, ("ar", ""), "Tor 1", "Omar", Status.DONE),
)


def load(once: Once, now: datetime.datetime) -> int:
    """Create the dates; returns how many. Needs the applications of ``people``."""
    new = [row for row in ROWS if once.is_new("date", str(row.days))]
    if not new:
        return 0
    met = Volunteer.objects.filter(is_demo=True, applications__status__in=BEGUN).distinct()
    willing = list(met.order_by("pk")[:WILLING])
    Volunteer.objects.filter(pk__in=[one.pk for one in willing]).update(single_dates=True)
    for number, row in enumerate(new):
        _make(row, now, willing[number % len(willing)] if willing else None)
    return len(new)


def _make(row: Row, now: datetime.datetime, companion: Volunteer | None) -> None:
    """Without a companion one that somebody should come to is left out."""
    comes: dict[str, Any] = {"next_wave_at": now}
    if row.status != Status.OPEN:
        if companion is None:
            return
        comes = {"companion": companion}
    day = timezone.localtime(now) + datetime.timedelta(days=row.days)
    asked_at = min(now, day - datetime.timedelta(days=2))
    if row.status == Status.DONE:
        comes |= {"outcome": DateRequest.Outcome.HAPPENED, "replied_at": day}
    language, to_language = row.languages
    date = DateRequest.objects.create(
        kind=row.kind,
        asker=row.asker,
        topic=row.topic,
        language=language,
        to_language=to_language,
        starts_at=day.replace(hour=row.hour, minute=0, second=0, microsecond=0),
        minutes=60,
        district=District.objects.order_by("pk")[0],
        place=row.place,
        name=row.name,
        email="unterkunft@example.org",
        status=row.status,
        submitted_at=asked_at,
        confirmed_at=asked_at,
        is_demo=True,
        **comes,
    )
    if date.companion is not None:
        DateOffer.objects.create(date=date, volunteer=date.companion, offered_at=asked_at)
