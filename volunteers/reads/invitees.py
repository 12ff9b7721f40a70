"""Whom an organisation may invite to an event: volunteers by criteria, and what they answered."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import District, Entry, Event, Organisation

from ..models import (
    Application,
    HoursEntry,
    Registration,
    StatusChange,
    User,
    Volunteer,
)
from ..models.identity import same_person
from ..models.registrations import HOLDS_A_SEAT, RegistrationStatus
from ..models.statuses import Status
from .engaged import BEGUN


class Stage(models.TextChoices):
    """Where people stand, in the words of the form."""

    ENGAGED = "engaged", _("im Einsatz")
    PREPARING = "preparing", _("in Vorbereitung")
    FORMER = "former", _("früher im Einsatz")


STATUSES = {
    Stage.ENGAGED: (Status.PLACED, Status.PAUSED),
    Stage.PREPARING: (Status.IN_CONTACT, Status.IN_TRAINING, Status.READY),
    Stage.FORMER: (Status.COMPLETED,),
}


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What is not given limits nothing. ``since``: engaged on that day at the latest."""

    stages: tuple[str, ...] = (Stage.ENGAGED,)
    since: datetime.date | None = None
    hours: int | None = None
    hours_from: datetime.date | None = None
    programme: Entry | None = None
    district: District | None = None


def own_applications(event: Event, keeper: Organisation, user: User) -> QuerySet[Application]:
    """What the organisation that keeps the list answers itself, as far as ``user`` sees it."""
    return Application.objects.visible_to(user).filter(organisation=keeper)


def others_applications(keeper: Organisation, user: User) -> QuerySet[Application]:
    """Those of organisations that an office of ``user`` is in charge of, if it is the one that invites.

    Nobody may show these people: an organisation sees its own people only.
    """
    if not Organisation.objects.of(user).filter(pk=keeper.pk).exists():
        return Application.objects.none()
    return Application.objects.filter(organisation__in=Organisation.objects.left_to(user))


def invitees(
    event: Event, applications: QuerySet[Application], criteria: Criteria
) -> QuerySet[Volunteer]:
    """The people behind ``applications`` that meet the criteria and have no place, answer or invitation yet."""
    known = Registration.objects.filter(event=event)
    known = known.filter(Q(volunteer=OuterRef("pk")) | same_person())
    fitting = _fitting(applications, criteria).filter(volunteer=OuterRef("pk"))
    found: Any = Volunteer.objects.filter(Exists(fitting)).exclude(Exists(known))
    if criteria.district is not None:
        found = found.filter(districts=criteria.district)
    if criteria.hours:
        found = found.annotate(given=_hours(applications, criteria.hours_from))
        found = found.filter(given__gte=criteria.hours)
    ordered: QuerySet[Volunteer] = found.order_by("name__folded", "pk")
    return ordered


def _fitting(applications: QuerySet[Application], criteria: Criteria) -> QuerySet[Application]:
    statuses = [status for stage in criteria.stages for status in STATUSES[Stage(stage)]]
    found = applications.filter(status__in=statuses)
    if criteria.programme is not None:
        of_it = Q(entry=criteria.programme)
        found = found.filter(of_it | Q(entry__opportunity_entry__part_of=criteria.programme))
    if criteria.since is not None:
        midnight = datetime.datetime.combine(criteria.since, datetime.time.max)
        begun = StatusChange.objects.filter(
            application=OuterRef("pk"), status__in=BEGUN, at__lte=timezone.make_aware(midnight)
        )
        found = found.filter(Exists(begun))
    return found


def _hours(applications: QuerySet[Application], first: datetime.date | None) -> Subquery:
    """The confirmed hours of the outer volunteer."""
    hours = HoursEntry.objects.confirmed().filter(
        application__in=applications.order_by().values("pk"),
        application__volunteer=OuterRef("pk"),
    )
    if first is not None:
        hours = hours.filter(on__gte=first)
    grouped = hours.order_by().values("application__volunteer")
    return Subquery(grouped.annotate(total=Sum("hours")).values("total"))


class Replies(NamedTuple):
    """How many invited people have answered what."""

    invited: int
    coming: int
    waiting: int
    declined: int
    unanswered: int


def replies(event: Event) -> Replies:
    """Of all organisations; numbers without names."""
    status = RegistrationStatus
    counts = Registration.objects.filter(event=event, invited_at__isnull=False).aggregate(
        invited=Count("pk"),
        coming=Count("pk", filter=Q(status__in=HOLDS_A_SEAT)),
        waiting=Count("pk", filter=Q(status=status.WAITING)),
        declined=Count("pk", filter=Q(status__in=(status.CANCELLED, status.LAPSED))),
        unanswered=Count("pk", filter=Q(status=status.INVITED)),
    )
    return Replies(**counts)
