"""Sign-ups, requests for a companion and registrations: sent by a form, confirmed by a mailed link.

A second form of the same person, a name at an address, makes no second record; somebody else at the
same address gets one of their own. An unconfirmed record is updated with the
new answers, a confirmed one stays as it is. The mailbox gets the matching link, at most every
``CONFIRMATION_AGAIN_MINUTES``. The form's answer is always the same, so that nobody can find out
who is known to the portal. What is not confirmed within ``SIGN_UP_CONFIRMATION_DAYS`` is deleted.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import Consent
from ..models.confirmed import ConfirmedByLink
from .locks import locked

R = TypeVar("R", bound=ConfirmedByLink)


def find_or_make(known: QuerySet[R], make: Callable[[], R], *, with_consent: bool = True) -> R:
    """The person's record among ``known``, locked; if there is none, it is made, with its consent.

    Two requests at once race for the insert. The unique constraint lets one through; the other one
    waits for it and then finds its row.
    """
    if (record := locked(known).first()) is not None:
        return record
    try:
        with transaction.atomic():
            record = make()
    except IntegrityError:
        return locked(known)[0]
    if with_consent:
        Consent.objects.give(record)
    return record


def mail_link(record: R, *, ask: Callable[[R], None], known: Callable[[R], None]) -> None:
    """Enqueue the mail: ``ask`` asks to confirm, ``known`` goes to those who have confirmed before."""
    if record.was_mailed_just_now:
        return
    record.link_sent_at = timezone.now()
    record.save(update_fields=["link_sent_at"])
    (ask if record.is_unconfirmed else known)(record)
