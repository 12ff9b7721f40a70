"""What a page shows about registering for an event."""

from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from programs.models import Event

from ..models import Registration
from ..models.registrations import HOLDS_A_SEAT, RegistrationStatus


class Registering(NamedTuple):
    """Whether registration is possible, and for what: a seat or the waiting list."""

    is_open: bool
    free: int | None
    waiting: int

    @property
    def is_full(self) -> bool:
        """A new registration goes to the waiting list: no seat is free, or people wait for the free ones."""
        return self.free == 0 or self.waiting > 0


def registering(event: Event) -> Registering | None:
    """For one event; None where no registration is needed. One query."""
    if not event.takes_registrations:
        return None
    counts = Registration.objects.filter(event=event).aggregate(
        held=Count("pk", filter=Q(status__in=HOLDS_A_SEAT)),
        waiting=Count("pk", filter=Q(status=RegistrationStatus.WAITING)),
    )
    free = None if event.capacity is None else max(event.capacity - counts["held"], 0)
    return Registering(is_open=event.is_open, free=free, waiting=counts["waiting"])


def why_closed(event: Event) -> str:
    """Why registration is closed, and what people can do instead."""
    if event.is_cancelled:
        return _("Der Termin ist abgesagt.")
    if event.is_past:
        return _("Der Termin ist schon vorbei.")
    if not event.takes_registrations:
        return _("Für diesen Termin brauchen Sie keine Anmeldung. Kommen Sie einfach.")
    if event.only_invited and event.takes_answers:
        return _(
            "Dieser Termin ist für eingeladene Gäste. Anmelden kann man sich mit der Einladung."
        )
    if event.is_ahead:
        return _("Die Anmeldefrist ist vorbei.")
    return _("Der Termin hat schon begonnen.")
