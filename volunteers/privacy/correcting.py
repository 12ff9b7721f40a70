"""Correcting everything that the portal keeps about a person (Art. 16 GDPR), in one place.

Lock order: entries, events, applications, registrations, volunteer, each by primary key.
"""

from django.db import transaction

from programs.models import Entry, Event

from ..models import Application, Registration, User, Volunteer
from ..models.registrations import IS_ON
from ..models.statuses import CLOSED
from ..reads.persons import Person
from ..services.answers import Answers, write
from ..services.locks import lock_all


def volunteer_of(person: Person) -> Volunteer | None:
    return Volunteer.objects.filter(email__in=person.emails).order_by("pk").first()


def open_applications(person: Person) -> "list[Application]":
    """The applications that are not closed; closed ones are not corrected."""
    own = Application.objects.of_addresses(person.emails).exclude(status__in=CLOSED)
    return list(own.select_related("entry").order_by("pk"))


def correct_person(*, person: Person, answers: Answers) -> None:
    """Write ``answers``, the name included, to the profile, all open applications, coming events and the account.

    Sends no mail: coordinators see the new values when they look again. Certificates keep the name
    with which they were issued, because they never change.
    """
    with transaction.atomic():
        applications = _lock_applications(person)
        registrations = _lock_registrations(person)
        volunteers = lock_all(Volunteer.objects.filter(email__in=person.emails))
        for one in [*applications, *volunteers]:
            write(one, answers)
        for registration in registrations:
            registration.name = answers["name"]
            registration.save(update_fields=["name"])
        User.objects.filter(email__in=person.emails).exclude(name="").update(name=answers["name"])


def _lock_applications(person: Person) -> list[Application]:
    numbers = [one.pk for one in open_applications(person)]
    entries = Entry.objects.filter(applications__in=numbers).values("pk")
    lock_all(Entry.objects.filter(pk__in=entries))
    return lock_all(Application.objects.filter(pk__in=numbers).exclude(status__in=CLOSED))


def _lock_registrations(person: Person) -> list[Registration]:
    own = Registration.objects.filter(email__in=person.emails, status__in=IS_ON)
    lock_all(Event.objects.filter(pk__in=own.values("event")))
    return lock_all(own)
