"""Whom an organisation may invite to an event: volunteers by criteria, and what they answered."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.counting import Counted, counted
from programs.models import District, Entry, Event, Organisation
from programs.one_row import OneOf

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
    fitting = _fitting(applications, criteria).filter(volunteer=OuterRef("pk"))
    found = Volunteer.objects.filter(Exists(fitting)).exclude(_known(event, "pk"))
    return _in_order(found.filter(_of_volunteers(applications, criteria, "pk")))


class Invitees(NamedTuple):
    """``number`` is exact up to the bound it was counted to; ``first`` finds the first of them quickly."""

    number: Counted
    first: QuerySet[Volunteer]


def counted_invitees(
    event: Event, applications: QuerySet[Application], criteria: Criteria, most: int
) -> Invitees:
    """How many :func:`invitees` find, counted up to ``most``.

    Of very many people the first ones are found along the index of their names. Where few fit, that way could
    go past everybody, so these are found by their keys, which the count has read anyway.
    """
    fitting = _fitting(applications, criteria).filter(volunteer__isnull=False)
    fitting = fitting.exclude(_known(event, "volunteer"))
    fitting = fitting.filter(_of_volunteers(applications, criteria, "volunteer"))
    keys = fitting.order_by().values_list("volunteer", flat=True)
    bound = 2 * (most + 1)
    read = list(keys[:bound])
    people = set(read)
    if len(read) == bound and len(people) <= most:  # many have several applications
        people = set(keys.distinct()[: most + 1])
    if len(people) > most:
        return Invitees(counted(len(people), most), invitees(event, applications, criteria))
    return Invitees(
        Counted(len(people)), _in_order(Volunteer.objects.filter(OneOf("pk", list(people))))
    )


def _in_order(found: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    return found.order_by("name__folded", "pk")


def _known(event: Event, key: str) -> Q:
    """Who has a place, an answer or an invitation; ``key`` is the lookup of the volunteer.

    Two lists, made once for a query: asked about each person, PostgreSQL would look into two indexes each time.
    """
    rows = Registration.objects.filter(event=event)
    linked = rows.filter(volunteer__isnull=False).values("volunteer")
    same = Volunteer.objects.filter(Exists(rows.filter(same_person()))).values("pk")
    return Q(**{f"{key}__in": linked}) | Q(**{f"{key}__in": same})


def _of_volunteers(applications: QuerySet[Application], criteria: Criteria, key: str) -> Q:
    """What is asked of the people themselves; ``key`` is the lookup of the volunteer."""
    asked = Q()
    if criteria.district is not None:
        there = Volunteer.districts.through.objects.filter(district=criteria.district)
        asked &= Q(Exists(there.filter(volunteer=OuterRef(key))))
    if criteria.hours:
        gave = _gave(applications, criteria.hours, criteria.hours_from)
        asked &= Q(**{f"{key}__in": gave})
    return asked


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


def _gave(
    applications: QuerySet[Application], least: int, first: datetime.date | None
) -> QuerySet[HoursEntry, Any]:
    """The volunteers with so many confirmed hours, added up once for all of them."""
    hours = HoursEntry.objects.confirmed().filter(
        application__in=applications.order_by().values("pk"), application__volunteer__isnull=False
    )
    if first is not None:
        hours = hours.filter(on__gte=first)
    grouped = hours.order_by().values("application__volunteer").annotate(total=Sum("hours"))
    return grouped.filter(total__gte=least).values("application__volunteer")


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
