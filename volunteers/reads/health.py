"""How the tandems are: when something was last heard, what needs attention, and since when.

Computed in the database from what both sides have said, so that lists filter and sort by it. What
counts as „needs attention“ is data (``TandemRule``).
"""

import datetime
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from ..models import CheckIn, FirstMeeting, HoursEntry, TandemRule
from ..models.companions import TandemQuerySet, TandemStatus

Event = TandemRule.Event
FINE = 9
"""The rank of a tandem that needs no attention; the others have the place of the event in ``Event``."""

SILENT_RANKS = (Event.values.index(Event.NO_REPLY), Event.values.index(Event.SILENCE))


def with_signs(tandems: TandemQuerySet) -> Any:
    """Adds ``last_heard`` and ``asked_since``.

    ``last_heard`` is the last answer of either side, or when the volunteer noted hours, else the start.
    ``asked_since`` is the first check-in sent after that which nobody has answered.
    """
    noted = HoursEntry.objects.filter(
        application=OuterRef("application"), on__gte=OuterRef("started_on")
    )
    heard = Greatest(
        Cast("started_on", DateTimeField()),
        _one(CheckIn.objects.filter(tandem=OuterRef("pk")), Max("replied_at")),
        _one(FirstMeeting.objects.filter(tandem=OuterRef("pk")), Max(Greatest("met_at", "fit_at"))),
        _one(noted, Max("entered_at")),
    )
    asked = CheckIn.objects.filter(
        tandem=OuterRef("pk"), reply="", sent_at__gt=OuterRef("last_heard")
    )
    return tandems.annotate(last_heard=heard).annotate(asked_since=_one(asked, Min("sent_at")))


def _one(rows: "QuerySet[Any]", value: Expression) -> Subquery:
    found = rows.order_by().annotate(all=Value(1)).values("all").annotate(found=value)
    return Subquery(found.values("found"), output_field=DateTimeField())


SINCE = {
    Event.SUPPORT: "needs_support_since",
    Event.ALONE: "met_on",
    Event.NOT_MET: "started_on",
    Event.NO_REPLY: "asked_since",
    Event.SILENCE: "last_heard",
}
"""Event → the column that says since when, of a tandem with its signs."""
DAYS = {"met_on", "started_on"}
"""Columns that hold a day and no time."""
ONLY = {
    Event.NOT_MET: Q(met_on__isnull=True),
    Event.ALONE: ~Q(first_meeting_with="") & Q(accompanied_on__isnull=True),
}
AT_ONCE = {Event.SUPPORT, Event.ALONE}
"""Needs attention at once, also without a rule."""


def is_due(event: str, days: Any, today: datetime.date | None = None) -> Q:
    """Condition on a tandem with its signs: it is running, not on hold, and ``event`` began ``days`` ago.

    ``days`` is a number or an expression; where it is NULL, nothing is due.
    """
    column = SINCE[Event(event)]
    began = F(column) if column in DAYS else TruncDate(column)
    due_on = ExpressionWrapper(began + days, output_field=DateField())
    day = Value(today or timezone.localdate(), output_field=DateField())
    due = Q(LessThanOrEqual(due_on, day), status=TandemStatus.RUNNING, hold="")
    return due & ONLY.get(Event(event), Q())


def _fewest_days(event: str) -> Any:
    """Of all rules about ``event``."""
    if event in AT_ONCE:
        return Value(0)
    rules = TandemRule.objects.filter(event=event).order_by().values("event")
    return Subquery(rules.annotate(fewest=Min("days")).values("fewest"))


def with_attention(tandems: TandemQuerySet) -> Any:
    """Adds the signs, and ``attention``: the rank of the weightiest event that is due, else ``FINE``."""
    whens = [
        When(is_due(event, _fewest_days(event)), then=Value(rank))
        for rank, event in enumerate(Event.values)
    ]
    ranked = Case(*whens, default=Value(FINE), output_field=IntegerField())
    return with_signs(tandems).annotate(attention=ranked)


def event_of(tandem: Any) -> Event | None:
    """What needs attention in a tandem of :func:`with_attention`."""
    return None if tandem.attention == FINE else list(Event)[tandem.attention]


def since(tandem: Any, event: Event) -> datetime.date:
    """The day on which ``event`` began."""
    return day_of(getattr(tandem, SINCE[event]))


def day_of(began: datetime.date) -> datetime.date:
    """The day of a value of one of the columns in ``SINCE``."""
    return timezone.localdate(began) if isinstance(began, datetime.datetime) else began
