"""„Stimmt Ihr Eintrag noch?“: every half year by mail; without an answer entries are marked, later hidden.

All of it follows from the present state of the records, so it does not matter when the job runs, how
often, or whether it was killed in between. An entry is sure as of its last confirmation; a change that
somebody proposed by a link is an answer, too.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from programs.history import by_portal
from programs.models import Entry, Membership, Organisation
from volunteers.models import Reminder
from volunteers.models.reminders import ENTRIES_ASKED
from volunteers.periods import add_months, reminder_day
from volunteers.reminders.kinds import Due, Kind, send_all
from volunteers.services.locks import lock_organisation

from . import mails
from .confirming import shown_entries_of_all
from .models import Upkeep

Kinds = Upkeep.Kind


@dataclass(frozen=True)
class Asked:
    """One entry, and on which days its organisation was asked since somebody was last sure of it."""

    entry: Entry
    sure_on: datetime.date
    days: list[datetime.date]

    @property
    def due_on(self) -> datetime.date:
        """The day of the next mail."""
        last = max([self.sure_on, *self.days])
        return add_months(last, settings.CONFIRM_EVERY_MONTHS)

    @property
    def marked_from(self) -> datetime.date | None:
        """The day from which two mails have had no answer."""
        if len(self.days) < 2:
            return None
        return self.days[1] + datetime.timedelta(days=settings.CONFIRM_ANSWER_DAYS)


def run() -> int:
    """Everything that is due now; returns how many organisations were asked."""
    asked = send_all(KINDS)
    with by_portal("directory"):
        mark_silent(reminder_day())
        hide_silent(reminder_day())
    return asked


def find_due(day: datetime.date) -> Iterable[Due]:
    """Organisations with an entry of which nobody was sure for so long, and somebody to ask."""
    found: dict[int, datetime.date] = {}
    for one in asked_about(_reachable()):
        owner = one.entry.organisation_id or one.entry.pk
        if one.due_on <= day:
            found[owner] = min(one.due_on, found.get(owner, one.due_on))
    return Reminder.objects.not_taken(ENTRIES_ASKED, sorted(found.items()))


def send_due(number: int, due_on: datetime.date) -> None:
    """One mail to each of its recipients. The organisation is locked; whoever confirmed just now is not asked."""
    organisation = lock_organisation(number)
    due = [one.due_on for one in asked_about(Organisation.objects.filter(pk=organisation.pk))]
    if not due or min(due) > due_on:
        return
    if mails.still_right(organisation):
        Upkeep.objects.create(organisation=organisation, kind=Kinds.ASKED)


KINDS = (Kind(ENTRIES_ASKED, find_due, send_due),)


def mark_silent(day: datetime.date) -> int:
    """Mark entries for which two mails have had no answer in time; returns how many."""
    marked = 0
    for one in asked_about(Organisation.objects.all()):
        due = one.marked_from is not None and one.marked_from <= day
        if due and one.entry.unanswered_since != (first := one.days[0]):
            still = Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=first)
            rows = Entry.objects.filter(still, pk=one.entry.pk)
            marked += rows.update(unanswered_since=first)
    return marked


def hide_silent(day: datetime.date) -> int:
    """Hide marked entries a year after the first unanswered mail; returns how many.

    Once: what staff publish again stays. The clearing office stays, because it answers for all.
    """
    limit = add_months(day, -settings.CONFIRM_HIDE_MONTHS)
    silent = unanswered(Entry.objects.published()).filter(
        unanswered_since__lte=limit, hidden_on__isnull=True
    )
    silent = silent.exclude(organisation_entry__is_clearing_office=True)
    with transaction.atomic():
        return silent.update(is_published=False, hidden_on=day, updated_at=timezone.now())


def unanswered(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Those that are marked (``Entry.is_unanswered``), without ended ones."""
    since = Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=F("unanswered_since"))
    return entries.exclude(status=Entry.Status.ENDED).filter(since, unanswered_since__isnull=False)


def _reachable() -> QuerySet[Organisation]:
    present = Membership.objects.present().filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(present) | ~Q(contact_email=""))


def asked_about(organisations: QuerySet[Organisation]) -> Iterator[Asked]:
    """Every entry of these organisations; two queries."""
    steps: dict[int, list[Upkeep]] = defaultdict(list)
    kinds = [Kinds.ASKED, Kinds.CHANGED]
    of_these = Upkeep.objects.filter(organisation__in=organisations.values("pk"), kind__in=kinds)
    for step in of_these.order_by("at"):
        steps[step.organisation_id].append(step)
    for entry in shown_entries_of_all(organisations):
        of_owner = steps[entry.organisation_id or entry.pk]
        changed = [_day(step.at) for step in of_owner if step.kind == Kinds.CHANGED]
        sure = max([entry.confirmed_on or _day(entry.created_at), *changed[-1:]])
        asked = {_day(step.at) for step in of_owner if step.kind == Kinds.ASKED}
        yield Asked(entry, sure, sorted(day for day in asked if day > sure))


def _day(at: datetime.datetime) -> datetime.date:
    return timezone.localdate(at)
