"""Whom to ask for a single date, in order of fitness and fairness."""

import datetime

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from programs.models import DayPart

from ..models import Application, DateOffer, DateRequest, KeptApart, Volunteer
from ..models.dates import DateStatus
from .engaged import BEGUN

WEEK = datetime.timedelta(days=7)
RECENTLY = datetime.timedelta(days=90)
LONGEST = datetime.timedelta(minutes=max(DateRequest.Minutes.values))
NOON, EVENING = 12, 17
"""Hours at which the afternoon and the evening begin."""


def can_come(date: DateRequest) -> QuerySet[Volunteer]:
    """Adults who are ready for single dates, speak what is needed, and have nothing else at that time.

    Not those who are kept back after an end for reasons of safety.

    Somebody in the portal has met them: an application of theirs is ready or placed. Not the one who asks.
    """
    met = Application.objects.filter(volunteer=OuterRef("pk"), status__in=BEGUN)
    minor = met.filter(age=Application.Age.MINOR)
    near = DateRequest.objects.filter(
        companion=OuterRef("pk"),
        status=DateStatus.TAKEN,
        starts_at__lt=date.ends_at,
        starts_at__gt=date.starts_at - LONGEST,
    )
    return Volunteer.objects.filter(
        Exists(met),
        ~Exists(minor),
        ~Exists(near),
        ~Exists(KeptApart.objects.not_freed().filter(volunteer=OuterRef("pk"))),
        single_dates=True,
        languages__contains=date.needed_languages,
    ).exclude(email__in=["", date.email])


def may_come(date: DateRequest) -> QuerySet[Volunteer]:
    """Those of :func:`can_come` who have not been asked yet."""
    asked = DateOffer.objects.filter(date=date, volunteer=OuterRef("pk"))
    return can_come(date).filter(~Exists(asked))


def in_turn(date: DateRequest) -> QuerySet[Volunteer]:
    """Those of :func:`may_come` whose week is not full; whom it suits best first, then whose turn it is."""
    now = timezone.now()
    asked = DateOffer.objects.filter(volunteer=OuterRef("pk")).order_by()
    came = DateRequest.objects.filter(
        companion=OuterRef("pk"), starts_at__gte=now - RECENTLY
    ).order_by()
    return (
        may_come(date)
        .annotate(
            week=_count(asked.filter(offered_at__gte=now - WEEK), "volunteer"),
            came=_count(came, "companion"),
            asked_last=Subquery(
                asked.values("volunteer").annotate(at=Max("offered_at")).values("at"),
                output_field=DateTimeField(),
            ),
            fit=_fit(date),
        )
        .filter(week__lt=settings.DATE_OFFERS_A_WEEK)
        .order_by("-fit", "came", "week", F("asked_last").asc(nulls_first=True), "pk")
    )


def _count(rows: "QuerySet[DateOffer] | QuerySet[DateRequest]", of: str) -> Coalesce:
    counted = rows.values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _fit(date: DateRequest) -> "Case | object":
    """A point each for the district, the weekday and the time of day that the person has named."""
    local = timezone.localtime(date.starts_at)
    near = Volunteer.districts.through.objects.filter(
        volunteer=OuterRef("pk"), district=date.district_id
    )
    part = DayPart.MORNING if local.hour < NOON else DayPart.AFTERNOON
    part = DayPart.EVENING if local.hour >= EVENING else part
    conditions = (
        Q(Exists(near)),
        Q(weekdays__contains=[local.weekday()]),
        Q(dayparts__contains=[part.value]),
    )
    first, *others = (
        Case(When(one, then=Value(1)), default=Value(0), output_field=IntegerField())
        for one in conditions
    )
    return first + others[0] + others[1]
