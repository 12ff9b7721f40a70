"""The record of one person (``Volunteer``): a name at an address."""

from typing import Any

from django.db import IntegrityError, transaction

from ..models import Registration, Volunteer
from ..models.identity import named
from .locks import locked


def volunteer_named(email: str, name: str) -> Volunteer | None:
    """The person's record; None without one, and for the empty address, which is nobody's."""
    return Volunteer.objects.filter(named([email], name)).first()


def volunteer_of(registration: Registration) -> Volunteer | None:
    """The record of the person who comes."""
    return registration.volunteer or volunteer_named(registration.email, registration.name)


def find_or_make_volunteer(*, email: str, name: str, **columns: Any) -> tuple[Volunteer, bool]:
    """The person's locked record, and whether it was made just now, with ``columns``.

    If two requests make it at once, the unique constraint lets one through; the other one waits for
    it and then finds its record. Two people who share the address race for nothing.
    """
    known = locked(Volunteer.objects.filter(named([email], name)))
    if (found := known.first()) is not None:
        return found, False
    try:
        with transaction.atomic():
            return Volunteer.objects.create(email=email, name=name, **columns), True
    except IntegrityError:
        return known.get(), False
