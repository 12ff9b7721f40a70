"""Invented messages, and a person's answer that nobody from the organisation got in touch."""

import datetime

from portal.reference.files import Record
from volunteers.models import Application, Message, StatusChange
from volunteers.services.contact import NOTES

from .accounts import member_of
from .files import read
from .once import Once

STAFF = Message.Sender.STAFF


def load(once: Once, now: datetime.datetime) -> int:
    """Create the messages; returns how many. Needs the applications; a deleted one is skipped."""
    new = [
        record
        for record in read("conversations.json")
        if once.is_new("conversation", f"{record['person']}@{record['entry']}")
    ]
    made = 0
    for record in new:
        found = Application.objects.filter(email=record["person"], entry__slug=record["entry"])
        if (application := found.first()) is not None:
            made += _write(application, record.get("messages", []), now)
            _answer(application, record.get("contact"), now)
    return made


def _write(application: Application, messages: list[Record], now: datetime.datetime) -> int:
    """Create the messages in order. A message from staff marks all earlier ones as handled."""
    member = member_of(application.organisation)
    for record in messages:
        by_staff = record["from"] == STAFF
        at = now - datetime.timedelta(hours=record["hours_ago"])
        if by_staff:
            application.messages.unhandled().update(handled_at=at)
        Message.objects.create(
            application=application,
            sender=record["from"],
            by=member if by_staff else None,
            text=record["text"],
            at=at,
        )
    return len(messages)


def _answer(application: Application, record: Record | None, now: datetime.datetime) -> None:
    if record is None:
        return
    application.contact_answer = Application.ContactAnswer(record["answer"])
    application.contact_answered_at = now - datetime.timedelta(hours=record["hours_ago"])
    application.save(update_fields=["contact_answer", "contact_answered_at"])
    StatusChange.objects.create(
        application=application,
        status=application.status,
        at=application.contact_answered_at,
        actor=StatusChange.Actor.APPLICANT,
        note=NOTES[Application.ContactAnswer(record["answer"])],
    )
