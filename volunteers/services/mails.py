"""Mails that were given up, once more on their way."""

from collections.abc import Iterable

from django.db import transaction

from ..models import OutgoingMail
from ..notifications import outbox


def send_again(*, mails: Iterable[OutgoingMail]) -> int:
    """Queue those that are still given up as if they were new; returns how many."""
    with transaction.atomic():
        chosen = OutgoingMail.objects.failed().filter(pk__in=[mail.pk for mail in mails])
        locked = list(chosen.select_for_update().values_list("pk", flat=True))
        OutgoingMail.objects.filter(pk__in=locked).update(
            failed_at=None, refused_with=None, reached_at=None
        )
        for mail_id in locked:
            outbox.queue(mail_id)
    return len(locked)
