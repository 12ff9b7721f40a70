"""Inviting many organisations at once: who can be asked, one mail each, one reminder, what they say."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from programs.models import Organisation
from volunteers.links.organisations import Holder, recipients
from volunteers.models import User
from volunteers.services.locks import lock_organisation, locked
from volunteers.services.rounds import each

from . import mails
from .invited_models import InvitedOrganisation

MOST = 300
"""Organisations that can be invited by one click."""


@dataclass
class Chosen:
    """What a click on „Einladen“ would do."""

    to_mail: list[Organisation] = field(default_factory=list)
    without_address: list[Organisation] = field(default_factory=list)
    asked_already: list[Organisation] = field(default_factory=list)


def look_at(organisations: QuerySet[Organisation]) -> Chosen:
    """Who of them gets a mail, who has no address, who was asked already. A fixed number of queries."""
    found, chosen = list(organisations.order_by("title", "pk")), Chosen()
    running = InvitedOrganisation.objects.running().filter(organisation__in=found)
    asked = set(running.values_list("organisation", flat=True))
    with_staff = Organisation.objects.with_staff().filter(pk__in=[one.pk for one in found])
    there = set(with_staff.values_list("pk", flat=True))
    for one in found:
        if one.pk in asked:
            chosen.asked_already.append(one)
        elif one.contact_email or one.pk in there:
            chosen.to_mail.append(one)
        else:
            chosen.without_address.append(one)
    return chosen


def invite_organisations(*, organisations: Iterable[Organisation], by: User) -> int:
    """A mail to each that has an address and was not asked already; returns how many.

    Each in its own transaction, which locks the organisation: two clicks, or two people, ask once.
    """
    return sum(_invite(one.pk, by) for one in sorted(organisations, key=lambda one: one.pk))


def _invite(number: int, by: User) -> int:
    with transaction.atomic():
        organisation = lock_organisation(number)
        running = InvitedOrganisation.objects.running().filter(organisation=organisation)
        if running.exists() or not recipients(organisation):
            return 0
        days = datetime.timedelta(days=settings.INVITED_ANSWER_DAYS)
        deadline = timezone.localdate() + days
        declined = InvitedOrganisation.objects.filter(organisation=organisation, deadline=deadline)
        if declined.exists():  # they said no today
            return 0
        InvitedOrganisation.objects.create(organisation=organisation, deadline=deadline, by=by)
        mails.invited(organisation, deadline)
    return 1


def remind_invited() -> int:
    """One reminder before the deadline to those who have not done anything; returns how many."""
    due = InvitedOrganisation.objects.to_remind().order_by("pk")
    return each(list(due.values_list("pk", flat=True)), _remind)


def _remind(number: int) -> int:
    invited = locked(InvitedOrganisation.objects.filter(pk=number)).first()
    still = InvitedOrganisation.objects.to_remind().filter(pk=number).exists()
    if invited is None or not still:
        return 0
    invited.reminded_at = timezone.now()
    invited.save(update_fields=["reminded_at"])
    return mails.invited(invited.organisation, invited.deadline, again=True)


def note_opened(*, holder: Holder) -> None:
    """Somebody clicked the button of the page; a look at it counts for nothing. Idempotent."""
    with transaction.atomic():
        for invited in _running(holder):
            if invited.opened_at is None:
                invited.opened_at = timezone.now()
                invited.save(update_fields=["opened_at"])


def decline(*, holder: Holder) -> None:
    """They do not want to. Nobody reminds them. Idempotent."""
    with transaction.atomic():
        for invited in _running(holder):
            invited.declined_at = timezone.now()
            invited.save(update_fields=["declined_at"])


def _running(holder: Holder) -> list[InvitedOrganisation]:
    running = InvitedOrganisation.objects.running().filter(organisation=holder.organisation)
    return list(locked(running).order_by("pk"))
