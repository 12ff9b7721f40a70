"""All row locks, and the one order in which they are taken.

Whoever changes a row locks it first and reads it again, because it may have changed since the page
was shown. Whoever needs several locks takes them in this order, rows of one kind by primary key. So
two transactions can wait for each other at one place only, and there is no deadlock:

1. the organisation (where people are let in), then the membership, the invitation or who asks for access; before it
   who proposes an organisation;
2. who asks for others, then the request for a companion, or the single date;
3. the entry or the event, whose places are counted;
4. the application or the registration;
5. the volunteer;
6. the tandem, then its check-in;
7. what belongs to an application: hours, expenses, certificates of engagement, the inspected
   certificate of good conduct;
8. the account;
9. the question of somebody who asks, or the concern of somebody who says that something is wrong;
10. who gets the newsletter, or hears of a saved search.

Before all of these: whoever merges two records locks whole tables (:func:`lock_tables`), so that nobody
adds to a record that is about to go. It waits too briefly to take part in a deadlock. Code that stores
an organisation which it read before it locked a row calls :func:`hold_off_merging` first.

One exception: code that gives a place back locks the entry, and locks the application that waits
longest only at the end. Every lock is held until the caller's transaction ends, so the caller opens
one. A function takes the primary key of the row to lock, or the record itself when that names the
rows to lock before.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Model, Q, QuerySet

from programs import versions
from programs.models import Entry, Event, FormerOrganisation, Organisation

from ..errors import TooBusy
from ..models import (
    AccessRequest,
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    Expense,
    HoursEntry,
    OrganisationProposal,
    Registration,
    Tandem,
    Volunteer,
)

M = TypeVar("M", bound=Model)
E = TypeVar("E", bound=Entry)


def locked(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows; each is locked when it is read."""
    return rows.select_for_update(of=("self",))


def lock_all(rows: QuerySet[M]) -> list[M]:
    """All of these rows as they are now, locked in the order of their primary keys."""
    return list(locked(rows).order_by("pk"))


def lock_one(rows: QuerySet[M], number: int, *related: str) -> M:
    """One row as it is now, with the relations that its mails need.

    It is locked alone and then read again: what is joined in the statement that waits for the lock is
    that of before the wait, and where the other transaction has changed the link, no row is found.
    """
    locked(rows).values_list("pk").get(pk=number)
    return (rows.select_related(*related) if related else rows).get(pk=number)


TABLE_WAIT = "200ms"
"""How long to wait for a table: less than the second after which PostgreSQL looks for deadlocks."""
VACUUM_WAIT = "2s"
"""More than that second: PostgreSQL then also stops an autovacuum that somebody waits for."""


def lock_tables(models: Iterable[type[Model]]) -> None:
    """Until the transaction ends, only this one writes to these tables or locks rows of them; all may read.

    Waits until no autovacuum works on them (the first lock, which holds up no other transaction but one
    that does the same), and nobody else has written to them and not committed yet. Raises ``TooBusy`` if
    that takes longer than ``VACUUM_WAIT`` or ``TABLE_WAIT``; then nothing is locked.
    """
    quote = connection.ops.quote_name
    tables = ", ".join(sorted(quote(model._meta.db_table) for model in models))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for mode, wait in (("SHARE UPDATE EXCLUSIVE", VACUUM_WAIT), ("EXCLUSIVE", TABLE_WAIT)):
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [wait])
                cursor.execute(f"LOCK TABLE {tables} IN {mode} MODE")
    except OperationalError as error:
        raise TooBusy from error


def hold_off_merging() -> None:
    """Nobody begins to merge organisations until the transaction ends; waits for one who does just now."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN ROW SHARE MODE")


def present(entry: E) -> E | None:
    """The entry as it is now; one that was merged is the one it was merged into. None if it is gone.

    Its organisation and department stay until the transaction ends. It is not read again while the content
    is still that of the block (:func:`programs.versions.one_version`), in which the caller must have read it, and
    must not have changed it.
    """
    hold_off_merging()
    if versions.is_still_so():
        return entry
    former = FormerOrganisation.objects.filter(number=entry.pk).values("kept")
    rows: QuerySet[E] = type(entry)._base_manager.select_related("organisation", "department")
    # Without an order: to sort by a column, Django compares it with each of the two hundred that are read.
    found = rows.filter(Q(pk=entry.pk) | Q(pk__in=former)).order_by()
    return next(iter(found), None)


def lock_organisation(number: int) -> Organisation:
    """The organisation, or the one that it was merged into."""
    hold_off_merging()
    found = Organisation.objects.current(number)
    return locked(Organisation.objects.all()).get(pk=found.pk if found else number)


def lock_access_request(number: int) -> AccessRequest:
    return lock_one(AccessRequest.objects.all(), number, "organisation")


def lock_organisation_proposal(number: int) -> OrganisationProposal:
    return lock_one(OrganisationProposal.objects.all(), number, "district", "organisation")


def lock_request(number: int) -> CompanionRequest:
    asked = ("programme", "organisation", "district", "asker")
    return lock_one(CompanionRequest.objects.all(), number, *asked)


def lock_date(number: int) -> DateRequest:
    return lock_one(DateRequest.objects.all(), number, "district", "companion")


def lock_event(number: int) -> Event:
    """Hold it while you count seats."""
    return lock_one(Event.objects.all(), number, "organisation", "district")


def lock_application(application: Application) -> Application:
    """The application as it is now, locked after its entry. Hold both while you count places."""
    entry = None
    if application.entry_id is not None:
        entry = locked(Entry.objects.all()).get(pk=application.entry_id)
    application = locked(Application.objects.all()).get(pk=application.pk)
    application.entry = entry
    return application


def lock_own_application(number: int) -> Application:
    """Only the application, for changes that move nobody's place: steps, hours, certificates."""
    return lock_one(Application.objects.all(), number, "entry", "organisation", "volunteer")


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
    """Only the tandem, for changes that leave both sides as they are: replies, support."""
    return lock_one(Tandem.objects.all(), number, "organisation")


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


def lock_expenses(application: Application) -> Application:
    """The application as it is now. Hold it, and the volunteer, while you add up expenses."""
    application = lock_own_application(application.pk)
    if application.volunteer_id is not None:
        lock_volunteer(application.volunteer_id)
    return application


def lock_expense(expense: Expense) -> Expense:
    """The expense as it is now, locked after its application."""
    application = lock_own_application(expense.application_id)
    expense = locked(Expense.objects.all()).get(pk=expense.pk)
    expense.application = application
    return expense


def lock_certificate(certificate: Certificate) -> Certificate:
    """The certificate as it is now, locked after its application, if it still has one."""
    if certificate.application_id is not None:
        lock_own_application(certificate.application_id)
    return locked(Certificate.objects.all()).get(pk=certificate.pk)


def lock_enquiry(number: int) -> Enquiry:
    return lock_one(Enquiry.objects.all(), number, "entry", "event", "organisation")


def lock_concern(number: int) -> Concern:
    return lock_one(Concern.objects.all(), number, "organisation")
