"""A single date from the side of who asks: asked for, confirmed, cancelled, and when nobody comes."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..errors import TransitionNotAllowed
from ..models import DateRequest
from ..models.dates import OVER, DateStatus
from ..models.identity import named
from ..notifications import dates as notifications
from .answers import Answers, columns, write
from .confirming import find_or_make, mail_link
from .locks import lock_date
from .rounds import delete_in_batches, each


def submit_date(*, answers: Answers) -> None:
    """Store a date and mail the link that confirms it; the same person's same date is stored once."""
    known = DateRequest.objects.filter(
        named([answers["email"]], answers["name"]),
        starts_at=answers["starts_at"],
        language=answers["language"],
    ).exclude(status__in=OVER)
    with transaction.atomic():
        date = find_or_make(
            known,
            lambda: DateRequest.objects.create(**columns(DateRequest, answers)),
            with_consent=False,
        )
        if date.is_unconfirmed:
            date.submitted_at = timezone.now()
            write(date, answers)
        mail_link(date, ask=notifications.ask_for_confirmation, known=notifications.already_known)


def confirm_date(*, date: DateRequest) -> DateRequest:
    """From now on the portal looks for somebody. Raises ``TransitionNotAllowed`` when it did before, or it is past."""
    with transaction.atomic():
        date = lock_date(date.pk)
        if not date.is_unconfirmed or date.starts_at < timezone.now():
            raise TransitionNotAllowed
        date.status = DateStatus.OPEN
        date.confirmed_at = date.next_wave_at = timezone.now()
        date.save(update_fields=["status", "confirmed_at", "next_wave_at"])
        notifications.confirmed(date)
    return date


def cancel_date(*, date: DateRequest) -> DateRequest:
    """The asker needs nobody any more; who wanted to come gets a mail.

    Raises ``TransitionNotAllowed`` when it is over or has begun.
    """
    with transaction.atomic():
        date = lock_date(date.pk)
        if date.is_over or date.starts_at < timezone.now():
            raise TransitionNotAllowed
        if date.companion is not None:
            notifications.cancelled(date.offers.get(volunteer=date.companion))
        date.status, date.next_wave_at = DateStatus.CANCELLED, None
        date.save(update_fields=["status", "next_wave_at"])
        date.messages.all().delete()
    return date


def lapse_dates() -> int:
    """End the search for dates that begin soon, and tell who asked; returns how many."""
    soon = timezone.now() + datetime.timedelta(hours=settings.DATE_LAPSE_HOURS)
    late = DateRequest.objects.filter(status=DateStatus.OPEN, starts_at__lt=soon)
    return each(list(late.values_list("pk", flat=True)), _lapse)


def _lapse(number: int) -> int:
    date = lock_date(number)
    if date.status != DateStatus.OPEN:
        return 0
    date.status, date.next_wave_at = DateStatus.LAPSED, None
    date.save(update_fields=["status", "next_wave_at"])
    notifications.nobody_comes(date)
    return 1


def delete_expired_dates() -> int:
    """Delete those that nobody confirmed; returns how many."""
    return delete_in_batches(DateRequest.objects.expired())
