"""Counts what belongs to a month: each counter is one query or two, and works as well months later.

Stocks are counted as they were on the last day, from dates and from the history, not as they are today. What was
deleted meanwhile is in flows (``Tally``), not in stocks.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from programs.history import table_of
from programs.models import Entry, Event
from volunteers.figures import tally
from volunteers.models import (
    Application,
    HoursEntry,
    Registration,
    StatusChange,
    Tally,
    Tandem,
)
from welcome_rooms.models import VisitCount

from .months import moments

ONE = Decimal(1)


class Fact(NamedTuple):
    """Some records that are alike: whose they are, how many, and the person if persons are counted."""

    organisation: int | None
    entry: int | None
    amount: Decimal = ONE
    district: str | None = None
    person: int | None = None
    reason: str = ""


def circles(stand: datetime.date) -> Iterator[Fact]:
    return _entries(Entry.Kind.CIRCLE, stand)


def initiatives(stand: datetime.date) -> Iterator[Fact]:
    return _entries(Entry.Kind.INITIATIVE, stand)


def _entries(kind: str, stand: datetime.date) -> Iterator[Fact]:
    """As the history says that they were at the end of the day."""
    history: QuerySet[Any] = QuerySet(table_of(Entry))
    before = history.filter(pgh_created_at__lt=moments(stand)[1], kind=kind)
    last = before.order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id").distinct("pgh_obj_id")
    for one in last.values("pgh_obj_id", "pgh_label", "is_published", "status"):
        there = one["is_published"] and one["status"] != Entry.Status.ENDED
        if there and one["pgh_label"] != "delete":
            yield Fact(one["pgh_obj_id"], one["pgh_obj_id"])


def active(stand: datetime.date) -> Iterator[Fact]:
    """Each application whose last step before the end of the day was into placement."""
    steps = StatusChange.objects.filter(application=OuterRef("pk"), at__lt=moments(stand)[1])
    last = Subquery(steps.order_by("-at", "-pk").values("status")[:1])
    placed = Application.objects.alias(last=last).filter(last=Application.Status.PLACED)
    for organisation, entry, person in placed.values_list("organisation", "entry", "volunteer"):
        yield Fact(organisation, entry, person=person)


def applications(stand: datetime.date) -> Iterator[Fact]:
    since, until = moments(stand)
    live = Application.objects.filter(submitted_at__gte=since, submitted_at__lt=until)
    return _with_deleted(Tally.Kind.APPLICATION, live, stand)


def placements(stand: datetime.date) -> Iterator[Fact]:
    since, until = moments(stand)
    live = tally.placed(Application.objects.all())
    live = live.filter(first_placed__gte=since, first_placed__lt=until)
    return _with_deleted(Tally.Kind.PLACEMENT, live, stand)


def answer_days(stand: datetime.date) -> Iterator[Fact]:
    since, until = moments(stand)
    by_staff = Q(changes__actor=StatusChange.Actor.STAFF)
    confirmed = Application.objects.filter(confirmed_at__isnull=False)
    found = confirmed.annotate(answered=Min("changes__at", filter=by_staff)).filter(
        answered__gte=since, answered__lt=until
    )
    for organisation, entry, confirmed_at, answered in found.values_list(
        "organisation", "entry", "confirmed_at", "answered"
    ):
        days = max((answered - confirmed_at).days, 0)
        yield Fact(organisation, entry, Decimal(days))


def tandems(stand: datetime.date) -> Iterator[Fact]:
    after = Q(status=Tandem.Status.RUNNING) | Q(status=Tandem.Status.ENDED, ended_on__gt=stand)
    running = Tandem.objects.filter(after, started_on__lte=stand)
    rows = running.values_list("organisation", "request__programme", "request__district")
    for organisation, entry, district in rows:
        yield Fact(organisation, entry, district=district)


def tandems_ended(stand: datetime.date) -> Iterator[Fact]:
    live = Tandem.objects.filter(ended_on__gte=stand.replace(day=1), ended_on__lte=stand)
    return _with_deleted(Tally.Kind.TANDEM_END, live, stand)


def training_places(stand: datetime.date) -> Iterator[Fact]:
    """Of deleted registrations nobody knows whether they were for a training, so they are not counted."""
    since, until = moments(stand)
    taken = Registration.objects.filter(
        event__kind=Event.Kind.TRAINING,
        event__is_cancelled=False,
        event__starts_at__gte=since,
        event__starts_at__lt=until,
        status=Registration.Status.REGISTERED,
    ).exclude(attended=False)
    rows = taken.values_list("organisation", "event__part_of", "event__district")
    for organisation, entry, district in rows:
        yield Fact(organisation, entry, district=district)


def hours(stand: datetime.date) -> Iterator[Fact]:
    """By person, because few people behind many hours are few people. Of deleted ones nobody knows how many."""
    first = stand.replace(day=1)
    keys = ("application__organisation", "application__entry", "district", "application__volunteer")
    live = HoursEntry.objects.confirmed().between(first, stand).order_by().values_list(*keys)
    for organisation, entry, district, person, amount in live.annotate(sum=Sum("hours")):
        yield Fact(organisation, entry, amount, district, person)
    by = ("organisation", "entry", "district", "month", "outcome")
    for key, one in tally.counts(Tally.Kind.HOURS, *by).items():
        if key[3] == first and key[4] == tally.CONFIRMED:
            yield Fact(key[0], key[1], one.hours, key[2])


def visits(stand: datetime.date) -> Iterator[Fact]:
    days = VisitCount.objects.filter(day__gte=stand.replace(day=1), day__lte=stand)
    rows = days.order_by().values_list("room__organisation", "room")
    for organisation, room, number in rows.annotate(sum=Sum("number")):
        yield Fact(organisation, room, Decimal(number))


def _with_deleted(kind: str, live: QuerySet[Any], stand: datetime.date) -> Iterator[Fact]:
    """Those of the month that are there, and those that were deleted."""
    by = ("organisation", "entry", "district", "outcome", "month")
    for key, one in tally.counts(kind, *by, live=live).items():
        organisation, entry, district, outcome, month = key
        if month == stand.replace(day=1) and one.number:
            yield Fact(organisation, entry, Decimal(one.number), district, reason=outcome)


COUNTERS: dict[str, Callable[[datetime.date], Iterable[Fact]]] = {
    "circles": circles,
    "initiatives": initiatives,
    "active": active,
    "applications": applications,
    "answer_days": answer_days,
    "placements": placements,
    "tandems": tandems,
    "tandems_ended": tandems_ended,
    "training_places": training_places,
    "hours": hours,
    "visits": visits,
}


def begun_on(slug: str) -> datetime.date | None:
    """The day of the oldest record that the figure counts; None as long as there is none."""
    if slug in {"circles", "initiatives"}:
        history: QuerySet[Any] = QuerySet(table_of(Entry))
        return _oldest(history, "pgh_created_at")
    if slug == "visits":
        return _oldest(VisitCount.objects.all(), "day")
    deleted = _oldest(Tally.objects.all(), "month")
    live = _oldest(Application.objects.all(), "submitted_at")
    return min((day for day in (deleted, live) if day), default=None)


def _oldest(rows: QuerySet[Any], field: str) -> datetime.date | None:
    at = rows.aggregate(at=Min(field))["at"]
    return timezone.localdate(at) if isinstance(at, datetime.datetime) else at
