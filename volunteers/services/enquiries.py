"""Questions: asked by a form, answered by the people of one organisation."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from programs.models import Entry, Event

from ..models import Enquiry, User
from ..notifications import enquiries as notifications
from ..reads.reach import who_is_asked
from .locks import hold_off_merging, lock_enquiry, lock_event, locked

SAME_QUESTION = datetime.timedelta(minutes=10)
"""The same question of the same person within this time is a double click."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody typed, validated by the form."""

    text: str
    name: str
    email: str
    phone: str


def ask(*, about: Entry | Event, question: Question) -> Enquiry:
    """Store a question and mail it to those who answer for ``about``; a double click returns the first one.

    Locks the entry or the event, so that two clicks at once come one after the other.
    """
    with transaction.atomic():
        entry, event = _locked(about)
        rows = Enquiry.objects.filter(entry=entry, event=event, **asdict(question))
        twin = rows.filter(asked_at__gt=timezone.now() - SAME_QUESTION).first()
        if twin is not None:
            return twin
        answers = who_is_asked(event.organisation if event else entry)
        enquiry = Enquiry.objects.create(
            entry=entry, event=event, organisation=answers, **asdict(question)
        )
        notifications.asked(enquiry)
    return enquiry


def _locked(about: Entry | Event) -> tuple[Entry, Event | None]:
    """The entry of a question about ``about``; an event's is its organisation."""
    hold_off_merging()
    if isinstance(about, Event):
        event = lock_event(about.pk)
        return Entry.objects.get(pk=event.organisation_id), event
    return locked(Entry.objects.all()).get(pk=about.pk), None


def note_answer(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Note that somebody has answered; the first note stays. The time of deleting counts from it."""
    return _note(enquiry, timezone.now(), by)


def take_up_again(*, enquiry: Enquiry) -> Enquiry:
    """It was not answered after all."""
    return _note(enquiry, None, None)


def _note(enquiry: Enquiry, at: datetime.datetime | None, by: User | None) -> Enquiry:
    with transaction.atomic():
        enquiry = lock_enquiry(enquiry.pk)
        if enquiry.is_answered == (at is not None):
            return enquiry
        enquiry.answered_at, enquiry.answered_by = at, by
        enquiry.save(update_fields=["answered_at", "answered_by"])
    return enquiry
