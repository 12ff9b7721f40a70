"""Reminders before and after an event, and before a qualification ends."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from programs.models import Event

from ..models import Qualification, Registration, Reminder
from ..models.registrations import EVENT_AGAIN, EVENT_INVITATION, EVENT_REMINDER, RegistrationStatus
from ..notifications import registrations as notifications
from ..services.attendance import without_list
from .kinds import Due, Kind

QUALIFICATION_REMINDER = "qualification.expires"
ATTENDANCE = "event.attendance"
LATELY = datetime.timedelta(days=7)
"""For an event longer ago nobody is asked by mail who came."""


def find_events(day: datetime.date) -> Iterable[Due]:
    """Registrations with a seat, once for each day of ``EVENT_REMINDER_DAYS`` that has come.

    Nothing is due once the event has begun.
    """
    last = day + datetime.timedelta(days=max(settings.EVENT_REMINDER_DAYS, default=0) + 1)
    registrations = Registration.objects.filter(
        status=RegistrationStatus.REGISTERED,
        event__is_cancelled=False,
        event__starts_at__gt=timezone.now(),
        event__starts_at__lt=timezone.make_aware(
            datetime.datetime.combine(last, datetime.time.min)
        ),
    ).select_related("event")
    due = {(r.pk, on) for r in registrations for on in r.reminder_days if on <= day}
    sent = Reminder.objects.filter(purpose=EVENT_REMINDER, subject__in={pk for pk, _ in due})
    return sorted(due - set(sent.values_list("subject", "due_on")))


def send_event(pk: int, due_on: datetime.date) -> None:
    """One mail. If several reminders are due by now, this mail counts for all of them."""
    registrations = Registration.objects.select_related("event__organisation", "event__district")
    registration = registrations.get(pk=pk)
    Reminder.objects.bulk_create(
        [
            Reminder(purpose=EVENT_REMINDER, subject=pk, due_on=on)
            for on in registration.reminder_days_until_today
        ],
        ignore_conflicts=True,
    )
    still_on = registration.status == RegistrationStatus.REGISTERED
    event = registration.event
    if still_on and not event.is_cancelled and timezone.now() < event.starts_at:
        notifications.reminder(registration)


def find_invitations(day: datetime.date) -> Iterable[Due]:
    """People who are invited and have not got the mail yet; it goes out at once."""
    mailed = Reminder.objects.filter(purpose=EVENT_INVITATION, subject=OuterRef("pk"))
    found = Registration.objects.unanswered().exclude(Exists(mailed))
    rows = found.filter(event__in=Event.objects.ahead()).order_by("pk")
    return [(pk, timezone.localdate(at)) for pk, at in rows.values_list("pk", "invited_at")]


def send_invitation(pk: int, due_on: datetime.date) -> None:
    registrations = Registration.objects.select_related("event__organisation", "event__district")
    registration = registrations.get(pk=pk)
    if registration.is_invited and registration.event.takes_answers:
        notifications.invitation_to(registration)


def find_to_ask_again(day: datetime.date) -> Iterable[Due]:
    """People with a seat who have not said lately that they will come, from ``ASK_AGAIN_HOURS`` before."""
    now = timezone.now()
    until = now + datetime.timedelta(hours=settings.ASK_AGAIN_HOURS)
    found = Registration.objects.filter(
        status=RegistrationStatus.REGISTERED,
        reconfirmed_at__isnull=True,
        event__in=Event.objects.ahead().filter(asks_again=True, starts_at__lte=until),
    ).select_related("event")
    due = [(one.pk, timezone.localdate(one.asked_again_at)) for one in found.order_by("pk")]
    return Reminder.objects.not_taken(EVENT_AGAIN, due)


def send_ask_again(pk: int, due_on: datetime.date) -> None:
    """The question counts for all reminders of the event, so that nobody gets two mails in a row."""
    registrations = Registration.objects.select_related("event__organisation", "event__district")
    registration = registrations.get(pk=pk)
    if not registration.may_reconfirm:
        return
    Reminder.objects.bulk_create(
        [
            Reminder(purpose=EVENT_REMINDER, subject=pk, due_on=on)
            for on in registration.reminder_days
        ],
        ignore_conflicts=True,
    )
    notifications.ask_again(registration)


def find_qualifications(day: datetime.date) -> Iterable[Due]:
    """Qualifications that end within ``QUALIFICATION_REMINDER_DAYS`` and are not renewed."""
    ahead = datetime.timedelta(days=settings.QUALIFICATION_REMINDER_DAYS)
    renewed = Qualification.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=OuterRef("expires_on")),
        volunteer=OuterRef("volunteer"),
        title=OuterRef("title"),
    )
    ending = Qualification.objects.filter(
        ~Exists(renewed), expires_on__gte=day, expires_on__lte=day + ahead
    )
    due = {(pk, ends - ahead) for pk, ends in ending.values_list("pk", "expires_on") if ends}
    sent = Reminder.objects.filter(purpose=QUALIFICATION_REMINDER)
    taken = sent.filter(subject__in={pk for pk, _ in due}).values_list("subject", "due_on")
    return sorted(due - set(taken))


def send_qualification(pk: int, due_on: datetime.date) -> None:
    qualifications = Qualification.objects.select_related("volunteer", "event")
    notifications.qualification_expires(qualifications.get(pk=pk))


def find_lists(day: datetime.date) -> Iterable[Due]:
    """Events of the last days that nobody has entered the attendance of, from the day after on."""
    midnight = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    past = Event.objects.filter(starts_at__lt=midnight, starts_at__gte=midnight - LATELY)
    found = without_list(past, Registration.objects.all()).values_list("pk", "starts_at")
    due = [(pk, timezone.localdate(at) + datetime.timedelta(days=1)) for pk, at in found]
    return sorted(Reminder.objects.not_taken(ATTENDANCE, due))


def send_list(pk: int, due_on: datetime.date) -> None:
    notifications.who_came(Event.objects.select_related("organisation").get(pk=pk))


KINDS = (
    Kind(EVENT_INVITATION, find_invitations, send_invitation),
    Kind(EVENT_AGAIN, find_to_ask_again, send_ask_again),
    Kind(ATTENDANCE, find_lists, send_list),
    Kind(EVENT_REMINDER, find_events, send_event),
    Kind(QUALIFICATION_REMINDER, find_qualifications, send_qualification),
)
