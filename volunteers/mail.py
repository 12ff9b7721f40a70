"""Mail that cannot get lost: stored and queued in the caller's transaction, delivered by a job."""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import OutgoingMail


class QueuedEmailBackend(BaseEmailBackend):
    """Django's mail backend for all of the portal: writes the outbox instead of the network.

    A rollback takes the mail back with everything else; a commit guarantees that it goes out.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                if not message.recipients():
                    continue
                mail = OutgoingMail.objects.create(
                    sender=message.from_email,
                    recipients=message.recipients(),
                    subject=message.subject,
                    content=message.message().as_bytes(linesep="\r\n"),
                )
                deliver_mail.defer(mail_id=mail.pk)
        return len(email_messages)


class StoredMessage(EmailMessage):
    """A mail from the outbox, sent as the bytes that were stored, its Message-ID among them."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(mail.subject, "", mail.sender, list(mail.recipients))
        self.content = bytes(mail.content)

    def message(self, **kwargs: Any) -> Message:  # type: ignore[override]
        return message_from_bytes(self.content)


@app.task(name="deliver_mail", queue="mail", retry=RetryStrategy(max_attempts=100, linear_wait=30))
def deliver_mail(mail_id: int) -> None:
    """Hand one mail to the mail server; raises when it is down, and is then tried again.

    The row is locked, so two workers cannot send it twice.
    """
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(pk=mail_id, sent_at__isnull=True)
            .first()
        )
        if mail is None:
            return
        connection = get_connection(settings.MAIL_DELIVERY_BACKEND, fail_silently=False)
        connection.send_messages([StoredMessage(mail)])
        mail.sent_at = timezone.now()
        mail.save(update_fields=["sent_at"])
