"""Deleting a person, or one record of a person (Art. 17 GDPR); counts stay for the figures (``tally``).

Each deletion is one transaction. Lock order: requests, entries, events, applications,
registrations, volunteers, tandems, each by primary key. Others are served by the same services that
people use themselves: a tandem ends and the other side gets a mail; a free place goes to the
longest waiting. A concurrent change of the same records comes either before or after the deletion.
"""

from collections.abc import Callable
from contextlib import suppress

from django.db import models, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from programs.models import Entry, Event

from ..errors import DomainError, TransitionNotAllowed
from ..figures import tally
from ..guard import security_log
from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    HoursEntry,
    Invitation,
    OrganisationProposal,
    Registration,
    SecurityEvent,
    Tally,
    Tandem,
    User,
    Volunteer,
)
from ..models.above import models_above
from ..models.companions import Hold, RequestStatus
from ..models.standing_orders import order_models
from ..models.statuses import CLOSED, TAKES_A_PLACE, Status
from ..notifications import erasing as notifications
from ..reads.languages import language_of
from ..reads.persons import Person, accounts_that_go_with, person_of
from ..services import date_offers, dates, ending
from ..services.locks import lock_all, lock_event
from ..services.moving import fill_free_place
from ..services.seats import offer_free_seats
from . import places, traces
from .contacts import forget_contacts
from .scope import Scope, _numbers, scope_of, scope_of_record
from .shown import withdraw_shown

ATTEMPTS = 3
BEST_FIRST: tuple[type[Model], ...] = (
    Volunteer, CompanionRequest, Application, Registration, User, Invitation, Enquiry, Asker, DateRequest,
    AccessRequest, OrganisationProposal,
)  # fmt: skip
"""Records by how well they identify a person."""
DELETED: tuple[type[Model], ...] = (
    Application, Registration, CompanionRequest, DateRequest, AccessRequest, OrganisationProposal, Volunteer, Enquiry,
    Asker,
)  # fmt: skip
"""In this order, before what the app above keeps."""
NOT_IN_A_LIST = (*CLOSED, Status.UNCONFIRMED)
"""Applications with these statuses are on no coordinator's list."""


class LastAdministrator(DomainError):
    message = _(
        "Dieses Konto ist die einzige Portalverwaltung. Bitte geben Sie zuerst jemand anderem diese "
        "Aufgabe: in der Verwaltung unter „Konten“."
    )


class HeldForSafety(DomainError):
    message = _(
        "Ein Tandem ruht zurzeit und wird geprüft. Solange bleiben die Daten dazu. Bitte versuchen Sie es "
        "später noch einmal, oder fragen Sie die Stelle, die das Tandem betreut."
    )


class StillMoving(DomainError):
    message = _(
        "Gerade hat sich an Ihren Daten etwas geändert. Bitte versuchen Sie es gleich noch einmal."
    )


def erase_person(
    *, person: Person, by: User | None = None, accounts: bool = True, tell: bool = True
) -> None:
    """Delete everything about a person: records, account, mails, and their name in logs and texts.

    Other people at the same address keep what is theirs, an account without a name included.
    ``by`` is the user who does it for somebody else. With ``tell`` one mail to the person's first
    address confirms it; the portal deletes that mail once it is delivered. Coordinators who lose a
    record get a mail with its number. Raises ``LastAdministrator``, ``HeldForSafety`` while a person of
    trust holds a tandem, or ``StillMoving`` when others keep changing the same records.
    """
    with transaction.atomic():
        _require_not_held(scope_of(person, accounts=accounts))
        language = language_of(person)
        went = _erase(lambda: scope_of(person, accounts=accounts), by, words=True)
        if went and tell and person.emails:
            name = person.name if person.others else ""
            notifications.erased(person.emails[0], name, language=language)


def erase_person_of(*, record: Volunteer | User | CompanionRequest, by: User) -> None:
    """The same for the person of a record, who may have no address; ``by`` does it for them."""
    with transaction.atomic():
        _require_not_held(scope_of_record(record))
        person = person_of(record)
        language = language_of(person)
        went = _erase(lambda: scope_of_record(record), by, words=True)
        if went and record.email:
            name = person.name if person.others else ""
            notifications.erased(record.email, name, language=language)


def erase_volunteer(*, volunteer: int, due: "models.QuerySet[Volunteer]") -> bool:
    """Retention: delete the volunteer with everything else of the same person.

    An account with a role stays. Deletes only when the volunteer is still in ``due``, which is
    queried again under the locks; returns whether it did. Sends no mail: an earlier mail has
    announced the deletion.
    """
    found = Volunteer.objects.filter(pk=volunteer).first()
    if found is None:
        return False
    has_role = Q(memberships__isnull=False) | Q(is_superuser=True)
    works = accounts_that_go_with(person_of(found)).filter(has_role).exists()

    def find() -> Scope:
        is_due = due.filter(pk=volunteer).exists()
        return scope_of_record(found, accounts=not works) if is_due else Scope()

    return _erase(find, None, words=True)


def erase_application(*, application: int, due: "models.QuerySet[Application]") -> bool:
    """Retention: delete one application with its history, messages, hours and tandems.

    Certificates stay with the volunteer, who may have been given one for this application. Deletes
    only when the application is still in ``due``, which is queried again under the lock; returns
    whether it did.
    """
    return _erase(lambda: Scope(applications=_numbers(due.filter(pk=application))), None)


def erase_request(*, request: int, due: "models.QuerySet[CompanionRequest]") -> bool:
    """Retention: delete one request for a companion with its tandems; ``due`` as for applications."""
    return _erase(lambda: Scope(requests=_numbers(due.filter(pk=request))), None)


def erase_registration(*, registration: int, due: "models.QuerySet[Registration]") -> bool:
    """Retention: delete one registration; qualifications stay with the volunteer. ``due`` as for applications."""
    return _erase(lambda: Scope(registrations=_numbers(due.filter(pk=registration))), None)


def erase_tandem(*, tandem: int, due: "models.QuerySet[Tandem]") -> bool:
    """Retention: delete one tandem that is over, with its check-ins; request and application stay.

    ``due`` as for applications.
    """
    with transaction.atomic():
        lock_all(Tandem.objects.filter(pk=tandem))
        found = Tandem.objects.filter(pk__in=_numbers(due.filter(pk=tandem)))
        tally.add(Tally.Kind.TANDEM, found)
        tally.add(Tally.Kind.TANDEM_END, found)
        named: traces.Named = [(Tandem, [str(one.pk) for one in found])]
        traces.forget_in_logs(traces.Known(), named, places.Places())
        return found.delete()[0] > 0


def _erase(find: Callable[[], Scope], by: User | None, *, words: bool = False) -> bool:
    """Find, lock, find again; if there are new records by then, a second attempt locks them, too.

    Returns whether there was anything to delete.
    """
    for _attempt in range(ATTEMPTS):
        with transaction.atomic():
            scope = find()
            locked = lock(scope)
            now = find()
            if now <= scope and _numbers(now.tandems().alive()) <= locked:
                _erase_locked(now, by, words=words)
                return bool(now)
            transaction.set_rollback(True)
    raise StillMoving


def lock(scope: Scope) -> frozenset[int]:
    """Lock everything that a deletion touches, in order; returns the primary keys of living tandems."""
    alive = scope.tandems().alive()
    requests = scope.requests | set(alive.values_list("request", flat=True))
    numbers = scope.applications | set(alive.values_list("application", flat=True))
    applications = Application.objects.filter(pk__in=numbers)
    people = set(applications.values_list("volunteer", flat=True)) - {None}
    entries = set(applications.values_list("entry", flat=True)) - {None}
    registrations = Registration.objects.filter(pk__in=scope.registrations)
    events = set(registrations.values_list("event", flat=True))
    lock_all(OrganisationProposal.objects.filter(pk__in=scope.proposals))
    lock_all(AccessRequest.objects.filter(pk__in=scope.access_requests))
    lock_all(Asker.objects.filter(pk__in=scope.askers))
    lock_all(CompanionRequest.objects.filter(pk__in=requests))
    lock_all(DateRequest.objects.filter(Q(pk__in=scope.dates) | Q(companion__in=scope.volunteers)))
    lock_all(Entry.objects.filter(pk__in=entries))
    lock_all(Event.objects.filter(pk__in=events))
    lock_all(Application.objects.filter(pk__in=numbers))
    lock_all(registrations)
    lock_all(Volunteer.objects.filter(pk__in=scope.volunteers | people))
    tandems = lock_all(alive)
    lock_all(Enquiry.objects.filter(pk__in=scope.enquiries))
    lock_all(Concern.objects.filter(pk__in=scope.concerns))
    for model in (*models_above(), *order_models()):
        lock_all(model._default_manager.filter(pk__in=scope.of(model)))
    return frozenset(one.pk for one in tandems)


def _erase_locked(scope: Scope, by: User | None, *, words: bool) -> None:
    if not scope:
        return
    _require_other_administrator(scope)
    known = traces.known_of(scope) if words else traces.Known()
    named, known_at = traces.named_records(scope), places.places_of(scope)
    _record(scope, by)
    traces.forget_mails(known)
    _count(scope)
    for model in (Invitation, User):  # first: no staff mail about oneself
        model._default_manager.filter(pk__in=scope.of(model)).delete()
    _leave(scope)
    tally.add(Tally.Kind.TANDEM_END, scope.tandems())
    _delete(scope)
    traces.forget_in_logs(known, named, known_at)
    traces.forget_in_texts(known, known_at)
    withdraw_shown(known, known_at)
    forget_contacts(known, known_at)
    traces.forget_sessions(known, scope.users)
    traces.forget_lists(known, known_at)


def _require_other_administrator(scope: Scope) -> None:
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    going = administrators.filter(pk__in=scope.users)
    if going.exists() and not administrators.exclude(pk__in=scope.users).exists():
        raise LastAdministrator


def _require_not_held(scope: Scope) -> None:
    """Nobody deletes their data away from under a person of trust (Art. 17 Abs. 3 Buchst. e GDPR)."""
    if scope.tandems().filter(hold=Hold.TRUST).exists():
        raise HeldForSafety


def _record(scope: Scope, by: User | None) -> None:
    """One security event, about the record that identifies the person best: only kind and number."""
    for model in (*BEST_FIRST, *models_above(), *order_models()):
        for number in sorted(scope.of(model))[:1]:
            by = by if by is not None and by.pk not in scope.users else None
            security_log.record(SecurityEvent.Kind.DELETION, by=by, about=model(pk=number))
            return


def _count(scope: Scope) -> None:
    """Count before anything ends, so that the figures keep the outcome that they had until now."""
    applications = Application.objects.filter(pk__in=scope.applications)
    tally.add(Tally.Kind.APPLICATION, applications)
    tally.add(Tally.Kind.PLACEMENT, applications)
    tally.add(Tally.Kind.GROUP, applications)
    hours = HoursEntry.objects.filter(application__in=scope.applications)
    tally.add(Tally.Kind.HOURS, hours)
    requests = CompanionRequest.objects.filter(pk__in=scope.requests)
    tally.add(Tally.Kind.COMPANION_REQUEST, requests)
    registrations = Registration.objects.filter(pk__in=scope.registrations)
    tally.add(Tally.Kind.REGISTRATION, registrations)
    tally.add(Tally.Kind.TANDEM, scope.tandems())


def _leave(scope: Scope) -> None:
    """End tandems, with a mail to the other side; coordinators get a mail about the lost records."""
    applications = Application.objects.filter(pk__in=scope.applications).order_by("pk")
    for application in applications.select_related("organisation", "entry"):
        if application.status not in NOT_IN_A_LIST:
            notifications.application_gone(application)
        ending.leave_as_volunteer(application)
    requests = CompanionRequest.objects.filter(pk__in=scope.requests).order_by("pk")
    for request in requests.select_related("organisation"):
        if request.status in {RequestStatus.OPEN, RequestStatus.MATCHED}:
            notifications.request_gone(request)
        ending.leave_as_newcomer(request, for_good=True)
    for date in DateRequest.objects.filter(pk__in=scope.dates).order_by("pk"):
        with suppress(TransitionNotAllowed):  # over already
            dates.cancel_date(date=date)
    for volunteer in Volunteer.objects.filter(pk__in=scope.volunteers).order_by("pk"):
        date_offers.leave(volunteer)


def _delete(scope: Scope) -> None:
    """Delete, and give places that become free to those who wait."""
    applications = Application.objects.filter(pk__in=scope.applications)
    in_places = applications.filter(status__in=TAKES_A_PLACE, entry__isnull=False)
    entries = list(in_places.order_by("entry").values_list("entry", flat=True).distinct())
    registrations = Registration.objects.filter(pk__in=scope.registrations)
    events = list(registrations.order_by("event").values_list("event", flat=True).distinct())
    scope.tandems().delete()
    CompanionRequest.objects.filter(asker__in=scope.askers).not_agreed().delete()
    for model in (*DELETED, *models_above(), *order_models()):
        model._default_manager.filter(pk__in=scope.of(model)).delete()
    Concern.objects.filter(pk__in=scope.concerns).update(name="", email="", phone="")
    for entry in Entry.objects.filter(pk__in=entries).order_by("pk"):
        fill_free_place(entry)
    for number in events:
        offer_free_seats(lock_event(number))
