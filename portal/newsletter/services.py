"""Asking for the newsletter, confirming, changing and leaving it.

``portal/newsletter/models.py`` says who gets an issue. The mailbox decides: whoever types an address
that gets the newsletter already changes nothing, and learns nothing. A subscription is locked alone.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from programs.models import District
from volunteers.errors import TransitionNotAllowed
from volunteers.links.signing import LinkExpired, find
from volunteers.services.confirming import find_or_make, mail_link
from volunteers.services.locks import locked

from . import mails
from .models import Subscription, Topic
from .texts import VERSION

Answers = Mapping[str, Any]
"""``topics``, ``districts``, ``language``; with ``email`` when it is asked for."""
Status = Subscription.Status
CHOSEN = ("topics", "language")


def subscribe(*, answers: Answers) -> None:
    """Store what was chosen and mail the link that confirms it.

    An address that gets the newsletter stays as it is and gets the link to its own page. One that
    has left, or that took no more mail, has to confirm again.
    """
    with transaction.atomic():
        subscription = find_or_make(
            Subscription.objects.filter(email=answers["email"]),
            lambda: Subscription.objects.create(
                email=answers["email"], **{name: answers[name] for name in CHOSEN}
            ),
            with_consent=False,
        )
        if not subscription.is_running:
            _ask(subscription, answers)
        mail_link(subscription, ask=mails.ask_for_confirmation, known=mails.already_subscribed)


def _ask(subscription: Subscription, answers: Answers) -> None:
    subscription.status, subscription.text_version = Status.UNCONFIRMED, VERSION
    subscription.submitted_at = timezone.now()
    subscription.preferred_language = answers.get("preferred_language", settings.LANGUAGE_CODE)
    subscription.confirmed_at = subscription.changed_at = subscription.ended_at = None
    _choose(subscription, answers)


def confirm(*, subscription: Subscription) -> None:
    """From now on the mailbox gets issues. Raises ``TransitionNotAllowed`` when it is confirmed already."""
    with transaction.atomic():
        subscription = _lock(subscription)
        if not subscription.is_unconfirmed:
            raise TransitionNotAllowed
        _begin(subscription)


def resume(*, subscription: Subscription) -> None:
    """By the link of a mailbox that has left, or took no more mail; idempotent.

    The click is a new consent. Raises ``TransitionNotAllowed`` while the first one is not confirmed.
    """
    with transaction.atomic():
        subscription = _lock(subscription)
        if subscription.is_unconfirmed:
            raise TransitionNotAllowed
        if not subscription.is_running:
            subscription.submitted_at, subscription.text_version = timezone.now(), VERSION
            _begin(subscription)


def _begin(subscription: Subscription) -> None:
    subscription.status, subscription.confirmed_at = Status.ACTIVE, timezone.now()
    subscription.ended_at = subscription.stopped_at = None
    subscription.hard_bounces = subscription.late_bounces = 0
    subscription.save()


def change(*, subscription: Subscription, answers: Answers) -> None:
    """What the mailbox gets from now on."""
    with transaction.atomic():
        subscription = _lock(subscription)
        subscription.changed_at = timezone.now()
        _choose(subscription, answers)


def _choose(subscription: Subscription, answers: Answers) -> None:
    for name in CHOSEN:
        setattr(subscription, name, answers[name])
    subscription.save()
    about_districts = Topic.OPPORTUNITIES in answers["topics"]
    chosen: Iterable[District] = answers["districts"] if about_districts else ()
    subscription.districts.set(chosen)


def leave(*, subscription: Subscription) -> None:
    """No more issues, from this moment on; idempotent. What was never confirmed is deleted."""
    with transaction.atomic(), suppress(LinkExpired):  # deleted in another window
        found = _lock(subscription)
        if found.is_unconfirmed:
            found.delete()
        elif not found.is_over:
            found.status, found.ended_at = Status.ENDED, timezone.now()
            found.save(update_fields=["status", "ended_at"])


def _lock(subscription: Subscription) -> Subscription:
    """Raises ``LinkExpired`` when it has been deleted."""
    return find(locked(Subscription.objects.all()), pk=subscription.pk)
