"""Reflection evenings and supervision that a programme asks of those who are placed. Only reads.

What counts is the attendance list of events of the kind „Reflexion und Supervision“ that belong to the
programme, or to one of its opportunities. Whoever is in for half a year has had half a year to come:
of two a year, one is due then.
"""

import datetime
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import (
    Count,
    DurationField,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Cast, Coalesce, ExtractDay, Floor, Least
from django.utils import timezone

from programs.models import Event, Programme

from ..models import Application, Registration, StatusChange
from ..models.statuses import Status
from .preparation import PROGRAMME, entries_of

YEAR = datetime.timedelta(days=365)
"""For this long an attendance counts."""


@dataclass(frozen=True)
class Reflections:
    """``wanted`` in a year; ``attended`` in the last one; ``due`` by today, by the time in service."""

    wanted: int
    attended: int
    due: int

    @property
    def missing(self) -> int:
        return max(0, self.due - self.attended)


def reflections_of(application: Application) -> Reflections | None:
    """What the application's programme asks for, and how it stands; None if it asks for nothing."""
    row = _counted(Application.objects.filter(pk=application.pk)).filter(wanted__gt=0)
    values = row.values_list("wanted", "attended", "due").first()
    return Reflections(*values) if values else None


def lacking(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Placed ones who have been at fewer reflections than are due; in two queries."""
    asking = cast("QuerySet[Programme]", Programme.objects.filter(reflections_a_year__gt=0))
    placed = applications.filter(status=Status.PLACED, entry__in=entries_of(asking))
    rows = _counted(placed.order_by())
    return applications.filter(pk__in=rows.filter(due__gt=F("attended")).values("pk"))


def next_reflections(application: Application) -> QuerySet[Event]:
    """The coming ones of the application's programme, the soonest first."""
    programme = Application.objects.filter(pk=application.pk).values(key=PROGRAMME)[:1]
    return (
        Event.objects.filter(_of_programme(Subquery(programme)))
        .ahead()
        .listed()
        .order_by("starts_at")
    )


def _of_programme(key: "Subquery | OuterRef", event: str = "") -> Q:
    of_itself = Q(**{f"{event}part_of": key})
    of_opportunity = Q(**{f"{event}part_of__opportunity_entry__part_of": key})
    kind = {f"{event}kind": Event.Kind.REFLECTION}
    return Q(**kind) & (of_itself | of_opportunity)


def _counted(applications: QuerySet[Application]) -> QuerySet[Any]:
    now = timezone.now()
    programmes: QuerySet[Any] = Programme.objects.filter(pk=OuterRef("programme_key"))
    placed = StatusChange.objects.filter(application=OuterRef("pk"), status=Status.PLACED)
    attended = Registration.objects.filter(
        _of_programme(OuterRef("programme_key"), "event__"),
        volunteer=OuterRef("volunteer"),
        attended=True,
        event__ends_at__gt=now - YEAR,
    )
    by_now = F("days") * F("wanted") / Value(float(YEAR.days))
    since = Subquery(placed.order_by().values("application").annotate(at=Min("at")).values("at"))
    return applications.alias(
        programme_key=PROGRAMME,
        placed_at=since,
        days=ExtractDay(ExpressionWrapper(Value(now) - F("placed_at"), DurationField())),
    ).annotate(
        wanted=Coalesce(Subquery(programmes.values("reflections_a_year")), 0),
        attended=Coalesce(_number_of(attended), 0),
        due=Coalesce(Least(F("wanted"), Cast(Floor(by_now), IntegerField())), 0),
    )


def _number_of(registrations: QuerySet[Registration]) -> Subquery:
    grouped = registrations.order_by().values("volunteer").annotate(number=Count("pk"))
    return Subquery(grouped.values("number"), output_field=IntegerField())
