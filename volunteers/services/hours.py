"""Hours of engagement: noted by volunteers, entered and confirmed by coordinators.

Everything here locks the application first, then the entries, so that two requests run one after
the other: the limit per day holds, and nobody changes an entry while it is being confirmed.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import DomainError
from ..models import Application, HoursEntry, User
from ..models.thanks import FULL_DAY, QUARTER, hours_label
from ..reads.engaged import district_of, is_engaged
from .locks import lock_all, lock_hours, lock_own_application
from .messages import write_message

if TYPE_CHECKING:
    from django.db.models import QuerySet

NOTHING = Decimal(0)


class NotEngaged(DomainError):
    message = gettext_lazy(
        "Stunden und Nachweise gibt es, sobald jemand startbereit ist. Die Koordination setzt den "
        "Status auf der Seite der Anmeldung."
    )


class HoursRefused(DomainError):
    """The day or the number of hours is not allowed; the message says why, ``field`` which of the two."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class HoursAreConfirmed(DomainError):
    message = gettext_lazy(
        "Diese Stunden sind schon bestätigt und lassen sich nicht mehr ändern. Stimmt etwas nicht, "
        "schreiben Sie bitte der Koordination."
    )


class HoursHaveChanged(DomainError):
    message = gettext_lazy(
        "Einträge haben sich inzwischen geändert. Bitte sehen Sie sie noch einmal an und bestätigen "
        "Sie dann."
    )


@dataclass(frozen=True, kw_only=True)
class Work:
    """One day's work as it was typed."""

    on: datetime.date
    hours: Decimal
    what: str
    went_well: str | None = None
    """What the person notes in the diary; None leaves it as it is."""


def note_hours(*, application: Application, work: Work, by: User | None = None) -> HoursEntry:
    """Write down hours; an entry by a coordinator (``by``) is confirmed at once.

    Idempotent: the same day, hours and words return the existing entry. Locks the application.
    Raises ``NotEngaged`` or ``HoursRefused``.
    """
    with transaction.atomic():
        application = lock_own_application(application.pk)
        same = application.hours.filter(on=work.on, hours=work.hours, what=work.what)
        if (entry := same.order_by("pk").first()) is not None:
            return _noted_again(entry, work, by)
        check(application, work)
        entry = HoursEntry.objects.create(
            application=application,
            on=work.on,
            hours=work.hours,
            what=work.what,
            went_well=work.went_well or "",
            district=district_of(application),
            entered_by=by,
        )
        return _confirmed(entry, by) if by else entry


def _noted_again(entry: HoursEntry, work: Work, by: User | None) -> HoursEntry:
    if entry.is_confirmed:
        return entry
    if work.went_well:
        entry.went_well = work.went_well
        entry.save(update_fields=["went_well"])
    return _confirmed(entry, by) if by else entry


def note_meeting(*, application: Application, work: Work, question: str) -> HoursEntry:
    """The person's diary: what was on that day, and a question to the coordinators, if there is one.

    The question is a message, so it is answered where all messages are. Raises the errors of
    :func:`note_hours` and of ``write_message``; then neither is kept.
    """
    with transaction.atomic():
        if question:
            day = _("Zum %(day)s: %(question)s")
            text = day % {"day": date_format(work.on, _("j. F Y")), "question": question}
            write_message(application=application, text=text)
        return note_hours(application=application, work=work)


def change_hours(*, entry: HoursEntry, work: Work, by: User | None = None) -> HoursEntry:
    """Correct an entry. The person may change unconfirmed ones only, coordinators (``by``) all.

    Locks the application, then the entry. Raises ``HoursAreConfirmed``, ``HoursRefused``, and
    ``HoursEntry.DoesNotExist`` when somebody deleted it meanwhile.
    """
    with transaction.atomic():
        entry = lock_hours(entry)
        if entry.is_confirmed and by is None:
            raise HoursAreConfirmed
        check(entry.application, work, besides=entry)
        entry.on, entry.hours, entry.what = work.on, work.hours, work.what
        if work.went_well is not None:
            entry.went_well = work.went_well
        entry.save(update_fields=["on", "hours", "what", "went_well"])
    return entry


def delete_hours(*, entry: HoursEntry) -> None:
    """The person deletes an unconfirmed entry. Raises the same errors as :func:`change_hours`."""
    with transaction.atomic():
        entry = lock_hours(entry)
        if entry.is_confirmed:
            raise HoursAreConfirmed
        entry.delete()


def confirm_hours(*, application: Application, by: User, seen: Collection[str]) -> int:
    """Confirm the entries as the user saw them (``HoursEntry.seen``); returns how many.

    Skips those that are confirmed already, so that a double click does no harm. When the person has
    changed or deleted one in the meantime, raises ``HoursHaveChanged`` and confirms nothing.
    """
    with transaction.atomic():
        application = lock_own_application(application.pk)
        entries = {entry.seen: entry for entry in lock_all(application.hours.all())}
        if not set(seen) <= entries.keys():
            raise HoursHaveChanged
        return _confirm_all([entries[one] for one in set(seen)], by)


def confirm_chosen(
    *, entries: "QuerySet[HoursEntry]", by: User, seen: Collection[str] | None = None
) -> int:
    """Confirm the chosen entries; returns how many were not confirmed before.

    With ``seen`` raises ``HoursHaveChanged`` and confirms nothing when one of them is no longer as
    the page showed it.
    """
    with transaction.atomic():
        numbers = entries.order_by().values("application")
        lock_all(Application.objects.filter(pk__in=numbers))
        chosen = lock_all(HoursEntry.objects.filter(pk__in=[entry.pk for entry in entries]))
        if seen is not None and not {entry.seen for entry in chosen} <= set(seen):
            raise HoursHaveChanged
        return _confirm_all(chosen, by)


def _confirm_all(entries: list[HoursEntry], by: User) -> int:
    open_ones = [entry for entry in entries if not entry.is_confirmed]
    for entry in open_ones:
        _confirmed(entry, by)
    return len(open_ones)


def _confirmed(entry: HoursEntry, by: User | None) -> HoursEntry:
    entry.confirmed_by, entry.confirmed_at = by, timezone.now()
    entry.save(update_fields=["confirmed_by", "confirmed_at"])
    return entry


def check(application: Application, work: Work, besides: HoursEntry | None = None) -> None:
    """Check the rules for one entry. Raises ``NotEngaged`` or ``HoursRefused``.

    The volunteer was ready or placed; the day lies between the application and today; hours come in
    quarters; all entries of a day together have at most 24 hours.
    """
    if not is_engaged(application):
        raise NotEngaged
    if work.on > timezone.localdate():
        text = _("Dieser Tag liegt in der Zukunft. Bitte wählen Sie einen bis heute.")
        raise HoursRefused(text, "on")
    first = timezone.localdate(application.submitted_at)
    if work.on < first:
        text = _("Dieser Tag liegt vor der Anmeldung am %(day)s.") % {
            "day": date_format(first, _("j. F Y"))
        }
        raise HoursRefused(text, "on")
    if work.hours < QUARTER or work.hours % QUARTER:
        text = _("Bitte geben Sie Viertelstunden an, zum Beispiel 0,5 oder 1,75.")
        raise HoursRefused(text, "hours")
    same_day = application.hours.filter(on=work.on)
    if besides is not None:
        same_day = same_day.exclude(pk=besides.pk)
    if (already := same_day.total()) + work.hours > FULL_DAY:
        text = _("An diesem Tag stehen schon %(hours)s Stunden; mehr als 24 hat kein Tag.")
        raise HoursRefused(text % {"hours": hours_label(already)}, "hours")
