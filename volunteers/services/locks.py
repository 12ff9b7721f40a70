"""Every lock, and the one order in which locks are taken.

Whoever changes something locks it first and looks again, for it may have changed since the page was
read. Whoever needs several locks takes them in this order, rows of one kind by their number; so two
people can wait for each other at one place only, and never for ever:

1. the organisation (where people are let in), then the membership or the invitation;
2. the request for a companion;
3. the entry or the event, whose places are counted;
4. the application or the registration;
5. the volunteer;
6. the tandem, then its check-in;
7. what hangs on an application: hours, certificates of engagement, the inspected certificate of
   good conduct;
8. the account.

One exception: who gives a place back holds the entry, and takes the application that waits longest
last. Every lock lasts until the caller's transaction ends, so the caller opens one. A function takes the
number of what it locks, or the record where that names what is locked before.
"""

from typing import TypeVar

from django.db.models import Model, QuerySet

from programs.models import Entry, Event, Organisation

from ..models import (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    HoursEntry,
    Registration,
    Tandem,
    Volunteer,
)

M = TypeVar("M", bound=Model)


def locked(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows, each of them locked as soon as it is read."""
    return rows.select_for_update(of=("self",))


def lock_all(rows: QuerySet[M]) -> list[M]:
    """All of these rows as they are now, locked by their number."""
    return list(locked(rows).order_by("pk"))


def lock_organisation(number: int) -> Organisation:
    return locked(Organisation.objects.all()).get(pk=number)


def lock_request(number: int) -> CompanionRequest:
    """The request as it is now, with what its mails name."""
    requests = locked(CompanionRequest.objects.all())
    return requests.select_related("programme", "organisation", "district").get(pk=number)


def lock_event(number: int) -> Event:
    """The event as it is now, with what its mails name. Whoever counts seats holds it."""
    return locked(Event.objects.select_related("organisation", "district")).get(pk=number)


def lock_application(application: Application) -> Application:
    """The application as it is now, locked after its entry. Whoever counts places holds both."""
    entry = None
    if application.entry_id is not None:
        entry = locked(Entry.objects.all()).get(pk=application.entry_id)
    application = locked(Application.objects.all()).get(pk=application.pk)
    application.entry = entry
    return application


def lock_own_application(number: int) -> Application:
    """The application alone, for what changes nobody's place: steps, hours, certificates."""
    found = locked(Application.objects.select_related("entry", "organisation", "volunteer"))
    return found.get(pk=number)


def lock_registration(registration: Registration) -> Registration:
    """The registration as it is now, locked after its event."""
    event = lock_event(registration.event_id)
    registration = locked(Registration.objects.all()).get(pk=registration.pk)
    registration.event = event
    return registration


def lock_volunteer(number: int) -> Volunteer:
    return locked(Volunteer.objects.all()).get(pk=number)


def lock_tandem(tandem: Tandem) -> Tandem:
    """The tandem as it is now, locked after everything it rests on."""
    request = lock_request(tandem.request_id)
    application = lock_application(Application.objects.get(pk=tandem.application_id))
    volunteer = lock_volunteer(tandem.volunteer_id)
    tandem = lock_own_tandem(tandem.pk)
    tandem.request, tandem.application, tandem.volunteer = request, application, volunteer
    return tandem


def lock_own_tandem(number: int) -> Tandem:
    """The tandem alone, for what leaves both sides where they are: replies, help."""
    return locked(Tandem.objects.select_related("organisation")).get(pk=number)


def lock_check_in(check_in: CheckIn) -> CheckIn:
    """The check-in as it is now, locked after its tandem."""
    tandem = lock_own_tandem(check_in.tandem_id)
    check_in = locked(CheckIn.objects.all()).get(pk=check_in.pk)
    check_in.tandem = tandem
    return check_in


def lock_hours(entry: HoursEntry) -> HoursEntry:
    """The entry as it is now, locked after its application."""
    application = lock_own_application(entry.application_id)
    entry = locked(HoursEntry.objects.all()).get(pk=entry.pk)
    entry.application = application
    return entry


def lock_certificate(certificate: Certificate) -> Certificate:
    """The certificate as it is now, locked after its application, where it still has one."""
    if certificate.application_id is not None:
        lock_own_application(certificate.application_id)
    return locked(Certificate.objects.all()).get(pk=certificate.pk)
