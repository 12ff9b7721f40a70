"""Correcting what the portal keeps about oneself (Art. 16 GDPR), in one place for all of it.

Lock order: entries, events, applications, registrations, volunteer, each by number.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from programs.models import District, Entry, Event, Field

from ..models import Application, Registration, User, Volunteer
from ..models.registrations import IS_ON
from ..models.statuses import CLOSED
from ..reads.persons import Person
from ..services.locks import lock_all


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """What the form asks for, checked. ``profile`` is None where only the name is known."""

    name: str
    profile: dict[str, Any] | None = None
    """Phone, languages, times; gender and limit of tandems where they were asked."""
    about: str = ""
    districts: list[District] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)


def volunteer_of(person: Person) -> Volunteer | None:
    return Volunteer.objects.filter(email__in=person.emails).order_by("pk").first()


def open_applications(person: Person) -> "list[Application]":
    """Those that somebody still works with; what is over stays as it was."""
    own = Application.objects.of_addresses(person.emails).exclude(status__in=CLOSED)
    return list(own.select_related("entry").order_by("pk"))


def correct_person(*, person: Person, corrected: Corrected) -> None:
    """Write it into the profile, all open applications, coming events and the account.

    Nobody is told: coordinators see the new values on the next look. Certificates keep the name that
    they were issued for; nothing on them may change.
    """
    with transaction.atomic():
        applications = _lock_applications(person)
        registrations = _lock_registrations(person)
        volunteers = lock_all(Volunteer.objects.filter(email__in=person.emails))
        people: list[Application | Volunteer] = [*applications, *volunteers]
        for one in people:
            _write(one, corrected)
        for registration in registrations:
            registration.name = corrected.name
            registration.save(update_fields=["name"])
        User.objects.filter(email__in=person.emails).exclude(name="").update(name=corrected.name)


def _lock_applications(person: Person) -> list[Application]:
    numbers = [one.pk for one in open_applications(person)]
    entries = Entry.objects.filter(applications__in=numbers).values("pk")
    lock_all(Entry.objects.filter(pk__in=entries))
    return lock_all(Application.objects.filter(pk__in=numbers).exclude(status__in=CLOSED))


def _lock_registrations(person: Person) -> list[Registration]:
    own = Registration.objects.filter(email__in=person.emails, status__in=IS_ON)
    lock_all(Event.objects.filter(pk__in=own.values("event")))
    return lock_all(own)


def _write(one: Application | Volunteer, corrected: Corrected) -> None:
    one.name = corrected.name
    if corrected.profile is not None:
        for name, value in corrected.profile.items():
            setattr(one, name, value)
        if isinstance(one, Volunteer):
            one.about = corrected.about
        one.districts.set(corrected.districts)
        one.fields.set(corrected.fields)
    one.save()
