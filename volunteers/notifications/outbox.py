"""The mail outbox: a mail is stored and queued in the caller's transaction and delivered by a job."""

import datetime
import logging
from collections.abc import Sequence
from contextlib import suppress
from email.utils import make_msgid
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from programs import tracing
from programs.jobs import job

from ..models import OutgoingMail
from .delivery import NotDelivered, Refusal, hand_over
from .finishing import as_sent, finish
from .waiting import DELIVER_TASK

logger = logging.getLogger("portal.mail")

LEFT_BEHIND = datetime.timedelta(minutes=10)


class QueuedEmailBackend(BaseEmailBackend):
    """Django's mail backend of the portal: it writes to the outbox instead of the network.

    A rollback also removes the mail; after a commit it will be delivered.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = [message for message in email_messages if message.recipients()]
        with transaction.atomic(savepoint=False):
            for given in messages:
                message = finish(given)
                say_where_it_is_from(message)
                mail = OutgoingMail.objects.create(
                    sender=message.from_email,
                    recipients=message.recipients(),
                    subject=str(message.subject),
                    content=as_sent(message),
                    forget=getattr(given, "forget", False),
                    topic=getattr(given, "topic", ""),
                    was=getattr(given, "was", ""),
                )
                queue(mail.pk, wait=settings.SECOND_THOUGHTS_SECONDS if mail.topic else 0)
                transaction.on_commit(partial(logger.info, "Mail %d waits", mail.pk))
        return len(messages)


def queue(mail_id: int, *, wait: int = 0) -> None:
    """Have the mail delivered ``wait`` seconds after now, once the caller's transaction has committed."""
    later = {"seconds": wait} if wait else None
    job(DELIVER_TASK, queue="mail", schedule_in=later).defer(mail_id=mail_id)


def queue_left_behind() -> None:
    """Queue mails anew that have waited for ``LEFT_BEHIND`` and that no job will deliver, whatever the reason.

    Two jobs for one mail are harmless: the second finds that it has left.
    """
    late = OutgoingMail.objects.waiting().filter(created_at__lt=timezone.now() - LEFT_BEHIND)
    waiting = set(late.values_list("pk", flat=True))
    if waiting:
        jobs = ProcrastinateJob.objects.filter(task_name=DELIVER_TASK, status__in=("todo", "doing"))
        for mail_id in sorted(waiting.difference(jobs.values_list("args__mail_id", flat=True))):
            logger.warning("Mail %d had no job", mail_id)
            queue(mail_id)


def take_back(topic: str, *, was: str) -> str:
    """Take back the mails about ``topic`` that have not left yet; returns what people know without them.

    Call it in the transaction of a new change, before its mail: if people know the new state
    already, there is nothing to tell. ``was`` is the state before this change. A mail that is being
    delivered at this moment counts as delivered.
    """
    waiting = OutgoingMail.objects.waiting().filter(topic=topic).order_by("pk")
    found = list(waiting.select_for_update(skip_locked=True).values_list("pk", "was"))
    OutgoingMail.objects.filter(pk__in=[pk for pk, _was in found]).delete()
    return found[0][1] if found else was


def say_where_it_is_from(message: EmailMessage) -> None:
    """A machine wrote it, so no absence note answers; the Message-ID names the portal, not this computer.

    The number of the request or job leads from the mail to the log, and the worker goes on with it.
    """
    message.extra_headers |= tracing.headers()
    message.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834
    message.extra_headers["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


class StoredContent:
    """The finished mail, with the one method that Django's mail backends call."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:
        return self.content


class StoredMessage(EmailMessage):
    """A mail from the outbox, sent byte for byte as it was stored, with the same Message-ID."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(mail.subject, "", mail.sender, list(mail.recipients))
        self.content = StoredContent(bytes(mail.content))

    def message(self, **kwargs: Any) -> StoredContent:  # type: ignore[override]  # backends ask for as_bytes only
        return self.content


def deliver(mail_id: int, *, last_try: bool) -> bool:
    """Hand one mail to the mail server; raises ``NotDelivered`` when it has to be tried again.

    Returns whether the server has taken it. It takes each mail at least once: when its answer is lost,
    or the worker dies before the commit, the mail goes again, with the same Message-ID.

    The row is locked while the server answers, so two workers cannot send it twice. The delivery is
    written down before, and taken back if there is none: what cannot be written, as on a full disk, is
    not sent. What is refused for good, or not taken at the ``last_try``, is given up.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.waiting().select_for_update().filter(pk=mail_id).first()
        if mail is None:
            return False
        tracing.go_on(bytes(mail.content))
        refusal = _hand_over(mail)
        if refusal is None:
            logger.info("Mail %d is delivered", mail_id)
            return True
        if not (refusal.is_permanent or last_try):
            logger.info("Mail %d was not taken, %s", mail_id, refusal)
            raise NotDelivered(refusal)
        _give_up(OutgoingMail.objects.get(pk=mail_id), refusal)
    return False


def _hand_over(mail: OutgoingMail) -> Refusal | None:
    """Write the delivery down and try it; without one nothing stays written. None: the server has taken the mail."""
    message, refusal = StoredMessage(mail), None
    with suppress(NotDelivered), transaction.atomic():
        _note_delivery(mail)
        refusal = hand_over(message)
        if refusal is not None:
            raise NotDelivered(refusal)
    return refusal


def _note_delivery(mail: OutgoingMail) -> None:
    """A mail to somebody whose data are deleted is deleted with its delivery."""
    now = timezone.now()
    reached = OutgoingMail.objects.failed().filter(recipients__overlap=mail.recipients)
    reached.update(reached_at=now)
    if mail.forget:
        mail.delete()
        return
    mail.sent_at = now
    mail.save(update_fields=["sent_at"])


def _give_up(mail: OutgoingMail, refusal: Refusal) -> None:
    logger.warning("Mail %d is given up, %s", mail.pk, refusal)
    if mail.forget:
        mail.delete()
        return
    mail.failed_at = timezone.now()
    mail.refused_with = refusal.code
    mail.save(update_fields=["failed_at", "refused_with"])


def delete_delivered() -> int:
    """Delete mails delivered ``KEEP_DELIVERED_MAIL_DAYS`` ago or earlier; returns how many.

    Mails to people whose data is deleted go at that age even when no server has accepted them.
    """
    limit = timezone.now() - datetime.timedelta(days=settings.KEEP_DELIVERED_MAIL_DAYS)
    lost = Q(forget=True, created_at__lt=limit)
    deleted, _ = OutgoingMail.objects.filter(Q(sent_at__lt=limit) | lost).delete()
    return deleted
