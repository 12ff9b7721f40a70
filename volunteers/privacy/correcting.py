"""Correcting everything that the portal keeps about a person (Art. 16 GDPR), in one place.

Lock order: requests, entries, events, applications, registrations, volunteer, each by primary key.
"""

from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from programs.models import Entry, Event

from ..errors import NameTaken
from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    OrganisationProposal,
    Registration,
    Volunteer,
)
from ..models.above import models_above
from ..models.registrations import MAY_BE_CALLED_OFF
from ..models.statuses import CLOSED
from ..reads.persons import Person, accounts_seen_by
from ..services.answers import Answers, write
from ..services.locks import lock_all


def volunteer_of(person: Person) -> Volunteer | None:
    return Volunteer.objects.filter(person.named()).order_by("pk").first()


def open_applications(person: Person) -> "list[Application]":
    """The applications that are not closed; closed ones are not corrected."""
    own = Application.objects.of_person(person.emails, person.name).exclude(status__in=CLOSED)
    return list(own.select_related("entry").order_by("pk"))


def correct_person(*, person: Person, answers: Answers) -> None:
    """Write ``answers``, the name included, to the profile, all open applications, coming events and the account.

    The name also goes to whatever has no other link to the person, so that it stays one person.
    Sends no mail: coordinators see the new values when they look again. Certificates keep the name
    with which they were issued, because they never change. Raises ``NameTaken`` for the name of
    somebody else at the same address who has the same record.
    """
    try:
        with transaction.atomic():
            _correct(person, answers)
    except IntegrityError as error:
        raise NameTaken from error


def _correct(person: Person, answers: Answers) -> None:
    name = answers["name"]
    requests = lock_all(CompanionRequest.objects.filter(person.named()))
    applications = _lock_applications(person)
    registrations = _lock_registrations(person)
    volunteers = lock_all(Volunteer.objects.filter(person.named()))
    accounts_seen_by(person).exclude(name="").update(name=name)
    for one in [*applications, *volunteers]:
        write(one, answers)
    for request in requests:
        request.name = name[: request._meta.get_field("name").max_length]
        request.save(update_fields=["name"])
    nowhere_else: tuple[type[Model], ...] = (
        *(Enquiry, Concern, Asker, DateRequest, AccessRequest, OrganisationProposal),
    )
    for model in (*nowhere_else, *models_above()):
        model._default_manager.filter(person.named()).update(name=name)
    for registration in registrations:
        registration.name = name
        registration.save(update_fields=["name"])


def _lock_applications(person: Person) -> list[Application]:
    numbers = [one.pk for one in open_applications(person)]
    entries = Entry.objects.filter(applications__in=numbers).values("pk")
    lock_all(Entry.objects.filter(pk__in=entries))
    return lock_all(Application.objects.filter(pk__in=numbers).exclude(status__in=CLOSED))


def _lock_registrations(person: Person) -> list[Registration]:
    by_name_only = Q(volunteer__isnull=True)
    own = Registration.objects.filter(person.owns(), Q(status__in=MAY_BE_CALLED_OFF) | by_name_only)
    lock_all(Event.objects.filter(pk__in=own.values("event")))
    return lock_all(own)
