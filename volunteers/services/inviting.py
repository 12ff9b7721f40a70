"""Inviting people to an event; the worker mails each of them once (``reminders/events.py``)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from programs.counting import Counted
from programs.models import Event, Organisation

from ..errors import RegistrationClosed
from ..guard import stops
from ..models import MailKind, Registration, User, Volunteer
from ..models.registrations import RegistrationStatus
from ..reads.invitees import (
    Criteria,
    Invitees,
    counted_invitees,
    invitees,
    others_applications,
    own_applications,
)
from .locks import lock_event
from .registrations import list_keeper

MOST_AT_ONCE = 500
"""So many people are shown with their names and invited by one click; the next click invites the next ones."""
MOST_OTHERS = 10_000
"""The same for people whose names nobody sees; they are counted up to this."""


class Found(NamedTuple):
    """Who gets a mail, who has no address, and how many do not want such mails."""

    to_mail: list[Volunteer]
    without_address: list[Volunteer]
    stopped: int


def sorted_out(volunteers: QuerySet[Volunteer], most: int) -> Found:
    """The first ``most`` of them, without those who have stopped invitations."""
    rows = list(volunteers[:most])
    stopped = stops.stopped_of(MailKind.INVITATION, [one.email for one in rows if one.email])
    return Found(
        to_mail=[one for one in rows if one.email and one.email not in stopped],
        without_address=[one for one in rows if not one.email],
        stopped=sum(one.email in stopped for one in rows),
    )


def to_mail(found: Invitees) -> Counted:
    """How many of them would get a mail; more than :data:`MOST_OTHERS` are not looked at one by one."""
    if found.number.words or not found.number:
        return found.number
    emails = list(found.first.order_by().exclude(email="").values_list("email", flat=True))
    stopped = stops.stopped_of(MailKind.INVITATION, emails)  # two people may share a mailbox
    return Counted(sum(one not in stopped for one in emails))


def invite_own(*, event: Event, criteria: Criteria, chosen: Iterable[int], by: User) -> int:
    """Invite those of the organisation's own people who are ``chosen`` and still meet the criteria.

    Locks the event; returns how many. Raises ``RegistrationClosed``.
    """
    with transaction.atomic():
        event = _locked(event)
        keeper = list_keeper(event)
        found = invitees(event, own_applications(event, keeper, by), criteria)
        people = sorted_out(found.filter(pk__in=list(chosen)), MOST_AT_ONCE).to_mail
        return _invite(event, dict.fromkeys(people, keeper))


def invite_others(*, event: Event, criteria: Criteria, by: User) -> int:
    """Invite people of the organisations below without showing them; each stays with its organisation until the yes."""
    with transaction.atomic():
        event = _locked(event)
        applications = others_applications(list_keeper(event), by)
        found = counted_invitees(event, applications, criteria, MOST_OTHERS)
        people = sorted_out(found.first.exclude(email=""), MOST_OTHERS).to_mail
        mine = applications.filter(volunteer__in=people).order_by("-pk")
        knows = {
            application.volunteer_id: application.organisation
            for application in mine.select_related("organisation")
        }
        return _invite(event, {one: knows[one.pk] for one in people})


def _locked(event: Event) -> Event:
    event = lock_event(event.pk)
    if not event.takes_answers:
        raise RegistrationClosed
    return event


def _invite(event: Event, people: dict[Volunteer, Organisation]) -> int:
    now = timezone.now()
    rows = [
        Registration(
            event=event,
            organisation=organisation,
            volunteer=volunteer,
            name=volunteer.name,
            email=volunteer.email,
            preferred_language=volunteer.preferred_language,
            status=RegistrationStatus.INVITED,
            invited_at=now,
            confirmed_at=now,
            told_sequence=event.sequence,
            told_facts=event.facts_digest,
        )
        for volunteer, organisation in people.items()
    ]
    return len(Registration.objects.bulk_create(rows))
