"""Confirming, leaving and resuming what a mailbox gets by mail, and what the mail server says of it.

An order is locked alone, after everything else (``locks.py``).
"""

from contextlib import suppress
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from ..errors import TransitionNotAllowed
from ..links.signing import LinkExpired, find
from ..models.standing_orders import HARD_BOUNCES, OrderStatus, StandingOrder
from .locks import locked

Order = TypeVar("Order", bound=StandingOrder)


def lock(order: Order) -> Order:
    """The row as it is now. Raises ``LinkExpired`` when it has been deleted."""
    return find(locked(type(order)._default_manager.all()), pk=order.pk)


def confirm(*, order: StandingOrder) -> None:
    """From now on the mailbox gets mails. Raises ``TransitionNotAllowed`` when it is confirmed already."""
    with transaction.atomic():
        found = lock(order)
        if not found.is_unconfirmed:
            raise TransitionNotAllowed
        found.begin(timezone.now())
        found.save()


def resume(*, order: StandingOrder, text_version: str) -> None:
    """By the link of a mailbox that has left, or took no more mail; idempotent.

    The click is a new consent to that text. Raises ``TransitionNotAllowed`` while the first one is not confirmed.
    """
    with transaction.atomic():
        found = lock(order)
        if found.is_unconfirmed:
            raise TransitionNotAllowed
        if not found.is_running:
            now = timezone.now()
            found.submitted_at, found.text_version = now, text_version
            found.begin(now)
            found.save()


def leave(*, order: StandingOrder) -> None:
    """No more mails, from this moment on; idempotent. What was never confirmed is deleted."""
    with transaction.atomic(), suppress(LinkExpired):  # deleted in another window
        found = lock(order)
        if found.is_unconfirmed:
            found.delete()
        elif not found.is_over:
            found.status, found.ended_at = OrderStatus.ENDED, timezone.now()
            found.save(update_fields=["status", "ended_at"])


def note_reached(order: StandingOrder) -> None:
    """The address takes mail. The order is locked."""
    if order.hard_bounces:
        order.hard_bounces = 0
        order.save(update_fields=["hard_bounces"])


def note_bounce(order: StandingOrder) -> None:
    """The mail server has refused the address for good; after ``HARD_BOUNCES`` in a row it gets no more."""
    order.hard_bounces += 1
    if order.hard_bounces >= HARD_BOUNCES:
        order.stopped_at = timezone.now()
    order.save(update_fields=["hard_bounces", "stopped_at"])
