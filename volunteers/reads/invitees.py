"""Whom an organisation may invite to an event: volunteers by criteria, and what they answered."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.counting import Counted, counted
from programs.models import District, Entry, Event, Organisation
from programs.one_row import OneOf, has_one

from ..models import (
    Application,
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
    """The people behind ``applications`` that meet the criteria and have no place, answer or invitation yet.

    Each is looked at by themselves, along the index of names: that is quick for the first of many, and for a few
    that are given by their keys.
    """
    fitting = _fitting(applications, criteria).filter(volunteer=OuterRef("pk"))
    found = Volunteer.objects.filter(has_one(fitting), _helps_there(criteria, "pk"))
    if criteria.hours:
        gave = _gave(applications.filter(volunteer=OuterRef("pk")), criteria).values("total")
        found = found.alias(gave=Subquery(gave)).filter(gave__gte=criteria.hours)
    return _in_order(found.exclude(_known(event, "pk")))


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
    fitting = _fitting(applications, criteria).filter(_helps_there(criteria, "volunteer"))
    if criteria.hours:
        gave = _gave(applications, criteria).filter(total__gte=criteria.hours)
        fitting = fitting.filter(volunteer__in=gave.values("volunteer"))
    fitting = fitting.filter(volunteer__isnull=False).exclude(_known(event, "volunteer"))
    keys = fitting.order_by().values_list("volunteer", flat=True)
    bound = 2 * (most + 1)
    read = list(keys[:bound])
    people, are_all = set(read), len(read) < bound
    if not are_all and len(people) <= most:  # many have several applications
        people = set(keys.distinct()[: most + 1])
        are_all = len(people) <= most
    number = counted(len(people), most)
    if not are_all:
        return Invitees(number, invitees(event, applications, criteria))
    return Invitees(number, _in_order(Volunteer.objects.filter(OneOf("pk", list(people)))))


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


def _helps_there(criteria: Criteria, key: str) -> Q:
    """In the district where somebody wants to help; ``key`` is the lookup of the volunteer."""
    if criteria.district is None:
        return Q()
    there = Volunteer.districts.through.objects.filter(district=criteria.district)
    return Q(Exists(there.filter(volunteer=OuterRef(key))))


def _fitting(applications: QuerySet[Application], criteria: Criteria) -> QuerySet[Application]:
    statuses = [status for stage in criteria.stages for status in STATUSES[Stage(stage)]]
    found = applications.filter(status__in=statuses)
    if criteria.programme is not None:
        of_it = Q(entry=criteria.programme)
        found = found.filter(of_it | Q(entry__opportunity_entry__part_of=criteria.programme))
    if criteria.since is not None:
        day = datetime.datetime.combine(criteria.since, datetime.time.max)
        midnight = timezone.make_aware(day)
        begun = StatusChange.objects.filter(
            application=OuterRef("pk"), status__in=BEGUN, at__lte=midnight
        )
        # No step is older than its application (StatusChange.at): so later ones need not be asked.
        found = found.filter(has_one(begun), submitted_at__lte=midnight)
    return found


def _gave(applications: QuerySet[Application], criteria: Criteria) -> QuerySet[Any]:
    """The volunteers with the ``total`` of their confirmed hours, for those who have some."""
    given = Q(hours__confirmed_at__isnull=False)
    if criteria.hours_from is not None:
        given &= Q(hours__on__gte=criteria.hours_from)
    found = applications.filter(given, volunteer__isnull=False).order_by()
    return found.values("volunteer").annotate(total=Sum("hours__hours"))


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
