"""Questions: asked by a form, answered by the people of one organisation."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from programs.models import Entry, Event

from ..errors import AlreadyReminded, NobodyThere, NoOfficeAbove, QuestionNotWaiting
from ..models import Enquiry, Reminder, User
from ..notifications import enquiries as notifications
from ..reads.escalations import NUDGE_AGAIN_AFTER, QUESTION_NUDGE
from ..reads.promising import promised
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
    page: str = ""
    """Where a barrier is."""


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
            entry=entry,
            event=event,
            organisation=answers,
            answer_by=promised(answers).answer_by,
            **asdict(question),
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


def remind_about_enquiry(*, enquiry: Enquiry, by: User) -> int:
    """Mail the members of the organisation that the question waits; returns how many mails.

    At most once in 24 hours; noted as a ``Reminder``. Raises ``QuestionNotWaiting``,
    ``AlreadyReminded`` or ``NobodyThere``.
    """
    with transaction.atomic():
        locked = lock_enquiry(enquiry.pk)
        _require_waiting(locked, by)
        recent = Reminder.objects.filter(purpose=QUESTION_NUDGE, subject=locked.pk)
        if recent.filter(sent_at__gt=timezone.now() - NUDGE_AGAIN_AFTER).exists():
            raise AlreadyReminded
        if not Reminder.objects.take(QUESTION_NUDGE, locked.pk, timezone.localdate()):
            raise AlreadyReminded
        sent = notifications.still_waiting(locked)
        if not sent:
            raise NobodyThere
    return sent


def take_over_enquiry(*, enquiry: Enquiry, by: User) -> Enquiry:
    """The office above the organisation answers from now on, because nobody did; it gets the question by mail.

    Only then does the office see who asks. The period begins again. Raises ``QuestionNotWaiting``,
    ``NoOfficeAbove`` or ``NobodyThere``.
    """
    with transaction.atomic():
        locked = lock_enquiry(enquiry.pk)
        _require_waiting(locked, by)
        office = locked.organisation.office_above
        if office is None:
            raise NoOfficeAbove
        locked.organisation, locked.answer_by = office, promised(office).answer_by
        locked.save(update_fields=["organisation", "answer_by"])
        if not notifications.asked(locked):
            raise NobodyThere
    return locked


def _require_waiting(enquiry: Enquiry, by: User) -> None:
    if not Enquiry.objects.escalated_to(by).filter(pk=enquiry.pk).exists():
        raise QuestionNotWaiting


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
