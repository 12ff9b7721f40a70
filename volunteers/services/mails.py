"""Mails that were given up, once more on their way."""

from collections.abc import Iterable

from django.db import transaction

from ..models import OutgoingMail
from ..notifications import outbox


def send_again(*, mails: Iterable[OutgoingMail]) -> int:
    """Queue those that are still given up as if they were new; returns how many.

    The update itself decides, so two people who click at once queue a mail once.
    """
    queued = 0
    with transaction.atomic():
        for mail_id in sorted(mail.pk for mail in mails):
            failed = OutgoingMail.objects.failed().filter(pk=mail_id)
            if failed.update(failed_at=None, refused_with=None, reached_at=None):
                outbox.queue(mail_id)
                queued += 1
    return queued
