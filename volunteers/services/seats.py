"""The seats of an event: counting them, giving them, offering those that become free.

Whoever counts seats holds the lock of the event (``services/locks.py``).
"""

import datetime

from django.conf import settings
from django.utils import timezone

from programs.models import Event

from ..models import Registration, Reminder
from ..models.registrations import EVENT_AGAIN, EVENT_REMINDER, RegistrationStatus
from ..notifications import registrations as notifications
from .locks import locked


def free_seats(event: Event) -> int | None:
    """How many seats are left (0 or more), or None where they are not limited."""
    if event.capacity is None:
        return None
    taken = Registration.objects.filter(event=event).holding_a_seat().count()
    return max(event.capacity - taken, 0)


def move(registration: Registration, status: RegistrationStatus) -> None:
    """Change the status; the caller sends the mail about it.

    Increments ``revision``, so that the calendar file in that mail is newer than all before.
    Reminders that are due by today are marked as sent, because this mail says everything.
    """
    registration.status = status
    if status != RegistrationStatus.OFFERED:
        registration.offer_until = None
    registration.revision += 1
    mark_told(registration)


def mark_told(registration: Registration) -> None:
    """Save that the person knows the present state of the event, and claim the reminders due by today."""
    registration.told_sequence = registration.sequence
    registration.told_facts = registration.event.facts_digest
    registration.save()
    if registration.status == RegistrationStatus.REGISTERED:
        Reminder.objects.bulk_create(
            [
                *(
                    Reminder(purpose=EVENT_REMINDER, subject=registration.pk, due_on=day)
                    for day in registration.reminder_days_until_today
                ),
                *_asked_already(registration),
            ],
            ignore_conflicts=True,
        )


def _asked_already(registration: Registration) -> list[Reminder]:
    """Who says yes in the last hours is not asked once more whether that holds."""
    asked_at = registration.asked_again_at
    if timezone.now() < asked_at:
        return []
    day = timezone.localdate(asked_at)
    return [Reminder(purpose=EVENT_AGAIN, subject=registration.pk, due_on=day)]


def take_seat(registration: Registration) -> None:
    """Give a seat if one is free and nobody waits for it, else put on the waiting list; mails the person."""
    event = registration.event
    if free_seats(event) == 0 or Registration.objects.filter(event=event).waiting().exists():
        move(registration, RegistrationStatus.WAITING)
        notifications.waiting(registration)
        offer_free_seats(event)
        return
    move(registration, RegistrationStatus.REGISTERED)
    notifications.registered(registration)


def offer_free_seats(event: Event) -> int:
    """Offer every free seat to the longest waiting; returns how many. The event is locked.

    The offer holds the seat for ``WAITING_OFFER_HOURS``, at most until the event begins.
    """
    if not event.is_ahead:
        return 0
    waiting = locked(Registration.objects.filter(event=event).waiting())
    offered = list(waiting[: free_seats(event)])
    for registration in offered:
        registration.event = event
        registration.offer_until = offer_end(event)
        move(registration, RegistrationStatus.OFFERED)
        notifications.seat_offered(registration)
    return len(offered)


def offer_end(event: Event) -> datetime.datetime:
    """The time until which an offer made now holds."""
    hours = datetime.timedelta(hours=settings.WAITING_OFFER_HOURS)
    return min(timezone.now() + hours, event.starts_at)
