"""One message to many people, each by a mail of their own, sent by the worker."""

from collections.abc import Sequence
from typing import cast

from django.db import transaction

from programs.jobs import job
from programs.models import Organisation
from programs.tracing import carried

from ..errors import DomainError
from ..guard import stops
from ..models import Application, GroupMessage, GroupRecipient, MailKind, Registration, User
from ..models.group_messages import Outcome
from ..models.registrations import IS_ON
from ..notifications import registrations
from .locks import lock_application, lock_registration
from .messages import is_open, write_message

Chosen = Application | Registration
SEND_TASK = "send_group_message"


def text_for(one: Chosen, text: str) -> str:
    """The text with the placeholders ``{name}`` and ``{angebot}`` filled in."""
    about = one.wish if isinstance(one, Application) else one.event.title
    return text.replace("{name}", one.name).replace("{angebot}", about)


def plan(chosen: Sequence[Chosen]) -> list[GroupRecipient]:
    """Everybody who was chosen, with the reason for those who are left out; nothing is stored.

    Somebody who was chosen with two sign-ups gets it once.
    """
    stopped = stops.stopped_of(MailKind.GROUP, {one.email for one in chosen if one.email})
    seen: set[tuple[str, object]] = set()
    found = []
    for one in chosen:
        person = (one.email.lower(), one.volunteer_id or one.name)
        outcome = Outcome.TWICE if person in seen else _outcome(one, stopped)
        if outcome == Outcome.WAITING:
            seen.add(person)
        key = "application" if isinstance(one, Application) else "registration"
        found.append(GroupRecipient(**{key: one}, outcome=outcome))
    return found


def _outcome(one: Chosen, stopped: set[str]) -> Outcome:
    if not one.email:
        return Outcome.NO_ADDRESS
    if one.email in stopped:
        return Outcome.STOPPED
    on = is_open(one) if isinstance(one, Application) else one.status in IS_ON
    return Outcome.WAITING if on else Outcome.OVER


def send_to_group(
    *, organisation: Organisation, by: User, text: str, chosen: Sequence[Chosen]
) -> GroupMessage:
    """Store the message with everybody who was chosen; the worker sends it."""
    with transaction.atomic():
        group = GroupMessage.objects.create(organisation=organisation, by=by, text=text)
        recipients = plan(chosen)
        for one in recipients:
            one.group = group
        GroupRecipient.objects.bulk_create(recipients)
        job(SEND_TASK, queue="mail").defer(group_id=group.pk, **carried())
    return group


def deliver(group_id: int) -> None:
    """Write to everybody who still waits. Killed in the middle it goes on where it was: each once."""
    waiting = GroupRecipient.objects.waiting().filter(group=group_id).values_list("pk", flat=True)
    for pk in list(waiting):
        _deliver_one(pk)


def _deliver_one(pk: int) -> None:
    with transaction.atomic():
        found = GroupRecipient.objects.select_related("group__by", "application", "registration")
        one = found.filter(pk=pk).first()
        if one is None:  # the person's data are deleted
            return
        chosen = _locked(one)
        if not GroupRecipient.objects.waiting().filter(pk=pk).update(outcome=Outcome.SENT):
            return
        outcome = _outcome(chosen, stops.stopped_of(MailKind.GROUP, [chosen.email]))
        if chosen.organisation_id != one.group.organisation_id:
            outcome = Outcome.OVER
        if outcome == Outcome.WAITING:
            outcome = _write(chosen, one.group)
        GroupRecipient.objects.filter(pk=pk).update(outcome=outcome)


def _locked(one: GroupRecipient) -> Chosen:
    if one.registration is not None:
        return lock_registration(one.registration)
    return lock_application(cast("Application", one.application))


def _write(chosen: Chosen, group: GroupMessage) -> Outcome:
    text = text_for(chosen, group.text)
    if isinstance(chosen, Registration):
        registrations.message(chosen, text)
        return Outcome.SENT
    try:
        write_message(application=chosen, text=text, by=group.by, kind=MailKind.GROUP)
    except DomainError:  # ended since it was chosen
        return Outcome.OVER
    return Outcome.SENT
