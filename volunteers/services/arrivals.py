"""Guests say that they will come, and that they have arrived.

Checking in is what a guest says. Whoever keeps the list confirms it by saving the list, where these
people are ticked already, because an attendance may give a qualification.
"""

from django.db import transaction
from django.utils import timezone

from programs.models import Event

from ..errors import NotAtTheDoor
from ..models import Registration
from .locks import lock_registration
from .registrations import Guest, registered_as


def check_in(*, registration: Registration) -> Registration:
    """Note when the person arrived; a second click changes nothing. Raises ``NotAtTheDoor``."""
    with transaction.atomic():
        registration = lock_registration(registration)
        if registration.checked_in_at is None:
            if not registration.may_check_in:
                raise NotAtTheDoor
            registration.checked_in_at = timezone.now()
            registration.save(update_fields=["checked_in_at"])
    return registration


def check_in_by_name(*, event: Event, guest: Guest) -> Registration:
    """The same for who gives name and address as on the list. Raises ``NotAtTheDoor``."""
    found = Registration.objects.filter(registered_as(guest), event=event).first()
    if found is None:
        raise NotAtTheDoor
    return check_in(registration=found)


def reconfirm(*, registration: Registration) -> Registration:
    """Note that the person will come; nothing happens where nobody asks."""
    with transaction.atomic():
        registration = lock_registration(registration)
        if registration.may_reconfirm:
            registration.reconfirmed_at = timezone.now()
            registration.save(update_fields=["reconfirmed_at"])
    return registration
