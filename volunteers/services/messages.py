"""Messages between the person and the organisation about an application."""

import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..errors import AnsweredElsewhere, ConversationOver, TooManyMessages
from ..models import Application, MailKind, Message, StatusChange, User
from ..models.statuses import Status
from ..notifications import messages as notifications
from .locks import lock_application
from .moving import move

SAME_MESSAGE = datetime.timedelta(minutes=10)
"""The same text again within this time counts as a double click."""
BOUND_WINDOW = datetime.timedelta(days=1)


def is_open(application: Application) -> bool:
    """Whether both sides may write.

    Only after the confirmation, and not after the person has withdrawn (which ends the consent).
    After a decline or the end both may write for ``MESSAGES_AFTER_CLOSE_DAYS`` more.
    """
    if application.status in {Status.UNCONFIRMED, Status.WITHDRAWN}:
        return False
    if not application.is_closed:
        return True
    limit = timezone.now() - datetime.timedelta(days=settings.MESSAGES_AFTER_CLOSE_DAYS)
    return application.changes.filter(status=application.status, at__gt=limit).exists()


def write_message(
    *,
    application: Application,
    text: str,
    by: User | None = None,
    seen: int | None = None,
    kind: MailKind | None = None,
) -> Message:
    """Store a message and mail it to the other side; without ``by`` the person wrote it.

    A message of the staff answers the person's open messages up to the key ``seen``, the newest one
    that the page showed (None: all), and moves a new application to „in contact“. A double click
    returns the first message. With a ``kind`` it goes to many at once: its mails may be stopped, and it
    answers nothing. Locks the entry and the application. Raises ``ConversationOver``,
    ``TooManyMessages`` (a person may write ``MESSAGES_A_DAY`` in 24 hours) or ``AnsweredElsewhere``
    when another organisation answers by now.
    """
    text = text.replace("\r\n", "\n").strip()
    sender = Message.Sender.STAFF if by or kind else Message.Sender.APPLICANT
    with transaction.atomic():
        locked = lock_application(application)
        if by and locked.organisation_id != application.organisation_id:
            raise AnsweredElsewhere
        if not is_open(locked):
            raise ConversationOver
        if twin := just_written(locked.messages, sender, text):
            return cast("Message", twin)
        if sender == Message.Sender.APPLICANT:
            require_within_bounds(locked.messages.filter(sender=sender))
        message = Message.objects.create(
            application=locked, sender=sender, by=by, text=text, to_many=kind is not None
        )
        if sender == Message.Sender.APPLICANT:
            notifications.to_staff(message)
            return message
        if by and not kind:
            _answer(locked, by, seen)
        notifications.to_person(message, kind=kind)
    return message


def just_written(messages: Any, sender: str, text: str) -> Any:
    """The newest of ``messages``, if this is a double click of it."""
    newest = messages.last()
    if newest is None or newest.sender != sender or newest.text != text:
        return None
    return newest if newest.at > timezone.now() - SAME_MESSAGE else None


def require_within_bounds(own: "QuerySet[Any]") -> None:
    """``own`` are all messages of one side. Raises ``TooManyMessages``."""
    if own.filter(at__gt=timezone.now() - BOUND_WINDOW).count() >= settings.MESSAGES_A_DAY:
        raise TooManyMessages


def _answer(application: Application, by: User, seen: int | None) -> None:
    """A message of the staff is an answer to what they have read, and nothing is overdue any more."""
    answered = application.messages.unhandled()
    if seen is not None:
        answered = answered.filter(pk__lte=seen)
    answered.update(handled_at=timezone.now())
    if application.status == Status.NEW:
        move(application, Status.IN_CONTACT, StatusChange.Actor.STAFF, by=by)


def handle_messages(*, application: Application, seen: int) -> int:
    """Mark the person's messages up to the key ``seen`` as answered; returns how many.

    Messages that came in while somebody read the page stay open.
    """
    messages = application.messages.unhandled().filter(pk__lte=seen)
    return messages.update(handled_at=timezone.now())
