"""Sign-ups, searches for a companion and registrations: taken from a form, confirmed by a mailed link.

The same person again makes no second record: an unconfirmed one takes over what was typed now, a
confirmed one stays as it is, and the mailbox gets the fitting link, at most every
``CONFIRMATION_AGAIN_MINUTES``. Whoever fills in the form learns nothing of this, so that nobody can ask
the portal who is known to it. What nobody confirms in ``SIGN_UP_CONFIRMATION_DAYS`` is deleted.
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
    """The person's record among ``known``, locked; without one it is made, with its consent.

    Two forms at once race for the insert; the unique constraint lets one through, and the other
    waits for it and finds its row.
    """
    if (record := locked(known).first()) is not None:
        return record
    try:
        with transaction.atomic():
            record = make()
    except IntegrityError:
        return locked(known).get()
    if with_consent:
        Consent.objects.give(record)
    return record


def mail_link(record: R, *, ask: Callable[[R], None], known: Callable[[R], None]) -> None:
    """Put the mail into the outbox: ``ask`` to confirm, or ``known`` for who has done so."""
    if record.was_mailed_just_now:
        return
    record.link_sent_at = timezone.now()
    record.save(update_fields=["link_sent_at"])
    (ask if record.is_unconfirmed else known)(record)
