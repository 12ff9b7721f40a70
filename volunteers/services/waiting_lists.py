"""Seats and waiting lists while nobody clicks; jobs that run every minute.

Each job finds its events by their present state. It locks one event at a time and checks everything
again, so that two workers do nothing twice. An error in one event does not stop the others.
"""

import datetime

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from programs.models import Event

from ..models import Registration
from ..models.registrations import MAY_BE_CALLED_OFF, RegistrationStatus
from ..notifications import registrations as notifications
from .locks import lock_event, lock_registration, locked
from .rounds import each
from .seats import mark_told, move, offer_free_seats

QUIET = datetime.timedelta(minutes=2)
"""Changes are mailed this long after the last save, so that a slip corrected at once sends no mail.
"""


def lapse_offers() -> int:
    """Take back expired offers and make the next ones; returns how many expired."""
    lapsing = Registration.objects.lapsing().filter(event__is_cancelled=False)
    events = lapsing.order_by("event").values_list("event", flat=True).distinct()
    return each(list(events), _lapse_offers_of)


def _lapse_offers_of(pk: int) -> int:
    event = lock_event(pk)
    lapsed = list(locked(Registration.objects.filter(event=event).lapsing()))
    for registration in lapsed:
        registration.event = event
        move(registration, RegistrationStatus.LAPSED)
        if event.is_ahead:
            notifications.offer_lapsed(registration)
    offer_free_seats(event)
    return len(lapsed)


def move_up() -> int:
    """Offer free seats while people wait: the event got more seats, or no limit any more."""
    held = Registration.objects.filter(event=OuterRef("pk")).holding_a_seat().order_by()
    taken = held.values("event").annotate(number=Count("pk")).values("number")
    waiting = Registration.objects.filter(event=OuterRef("pk"), status=RegistrationStatus.WAITING)
    events = Event.objects.ahead().filter(Exists(waiting))
    events = events.annotate(taken=Coalesce(Subquery(taken, output_field=IntegerField()), 0))
    short = events.filter(Q(capacity__isnull=True) | Q(taken__lt=F("capacity")))
    return each(
        list(short.values_list("pk", flat=True)), lambda pk: offer_free_seats(lock_event(pk))
    )


def tell_changes() -> int:
    """Mail everybody on the list that the event has changed or is cancelled, once for each change.

    What somebody was told is stored in the registration, in the same transaction as the mail.
    Nothing is sent once the event is over.
    """
    now = timezone.now()
    behind = Registration.objects.filter(
        status__in=MAY_BE_CALLED_OFF,
        told_sequence__lt=F("event__sequence") + F("revision"),
        event__ends_at__gt=now,
        event__updated_at__lte=now - QUIET,
    )
    return each(list(behind.order_by("event", "pk").values_list("pk", flat=True)), _tell)


def _tell(pk: int) -> int:
    registration = lock_registration(Registration.objects.get(pk=pk))
    if (
        registration.status not in MAY_BE_CALLED_OFF
        or registration.told_sequence >= registration.sequence
    ):
        return 0
    knows = registration.knows_the_facts
    mark_told(registration)
    if knows:
        return 0  # changed, or cancelled, and changed back before anybody was told
    if registration.event.is_cancelled:
        notifications.event_cancelled(registration)
    else:
        notifications.event_changed(registration)
    return 1
