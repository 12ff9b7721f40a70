"""What the person and the organisation write to each other on an application."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..errors import AnsweredElsewhere, ConversationOver, TooManyMessages
from ..models import Application, Message, StatusChange, User
from ..models.statuses import Status
from ..notifications import messages as notifications
from .locks import lock_application
from .moving import move

SAME_MESSAGE = datetime.timedelta(minutes=10)
"""The same text again within this time is a second click, not a second message."""
BOUND_WINDOW = datetime.timedelta(days=1)


def is_open(application: Application) -> bool:
    """Whether both sides may still write.

    Not before the confirmation, not after the person has withdrawn (and with it the consent), and
    until ``MESSAGES_AFTER_CLOSE_DAYS`` after a decline or the end, for a last word.
    """
    if application.status in {Status.UNCONFIRMED, Status.WITHDRAWN}:
        return False
    if not application.is_closed:
        return True
    limit = timezone.now() - datetime.timedelta(days=settings.MESSAGES_AFTER_CLOSE_DAYS)
    return application.changes.filter(status=application.status, at__gt=limit).exists()


def write_message(*, application: Application, text: str, by: User | None = None) -> Message:
    """Keep a message and mail it to the other side; without ``by`` the person wrote it.

    A message of the staff answers all that the person wrote before, and a new application is «in
    contact» from then on. A second click gives the first message back. Locks the entry and the
    application. Raises ``ConversationOver``, ``TooManyMessages`` (``MESSAGES_A_DAY`` of a person in
    24 hours) or ``AnsweredElsewhere`` when another organisation answers by now.
    """
    text = text.replace("\r\n", "\n").strip()
    sender = Message.Sender.STAFF if by else Message.Sender.APPLICANT
    with transaction.atomic():
        locked = lock_application(application)
        if by and locked.organisation_id != application.organisation_id:
            raise AnsweredElsewhere
        if not is_open(locked):
            raise ConversationOver
        if twin := _just_written(locked, sender, text):
            return twin
        if by is None:
            _require_within_bounds(locked)
        message = Message.objects.create(application=locked, sender=sender, by=by, text=text)
        if by is None:
            notifications.to_staff(message)
        else:
            _answer(locked, by)
            notifications.to_person(message)
    return message


def _just_written(application: Application, sender: str, text: str) -> Message | None:
    newest = application.messages.last()
    if newest is None or newest.sender != sender or newest.text != text:
        return None
    return newest if newest.at > timezone.now() - SAME_MESSAGE else None


def _require_within_bounds(application: Application) -> None:
    own = application.messages.filter(sender=Message.Sender.APPLICANT)
    if own.filter(at__gt=timezone.now() - BOUND_WINDOW).count() >= settings.MESSAGES_A_DAY:
        raise TooManyMessages


def _answer(application: Application, by: User) -> None:
    """Who writes has answered: nothing is open any more, and nothing is overdue."""
    application.messages.unhandled().update(handled_at=timezone.now())
    if application.status == Status.NEW:
        move(application, Status.IN_CONTACT, StatusChange.Actor.STAFF, by=by)


def handle_messages(*, application: Application, seen: int) -> int:
    """The person's open messages up to the one with the key ``seen`` need no answer; returns how many.

    What came in while somebody read stays open.
    """
    messages = application.messages.unhandled().filter(pk__lte=seen)
    return messages.update(handled_at=timezone.now())
