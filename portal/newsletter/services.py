"""Asking for the newsletter, confirming, changing and leaving it.

``portal/newsletter/models.py`` says who gets an issue. The mailbox decides: whoever types an address
that gets the newsletter already changes nothing, and learns nothing. A subscription is locked alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from programs.models import District
from volunteers.services import standing_orders
from volunteers.services.confirming import find_or_make, mail_link

from . import mails
from .models import Subscription, Topic
from .texts import VERSION

Answers = Mapping[str, Any]
"""``topics``, ``districts``, ``language``; with ``email`` when it is asked for."""
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
    subscription.ask_again(text_version=VERSION, now=timezone.now())
    subscription.preferred_language = answers.get("preferred_language", settings.LANGUAGE_CODE)
    _choose(subscription, answers)


def resume(*, subscription: Subscription) -> None:
    """By the link of a mailbox that has left, or took no more mail. See ``standing_orders.resume``."""
    standing_orders.resume(order=subscription, text_version=VERSION)


def change(*, subscription: Subscription, answers: Answers) -> None:
    """What the mailbox gets from now on."""
    with transaction.atomic():
        subscription = standing_orders.lock(subscription)
        subscription.changed_at = timezone.now()
        _choose(subscription, answers)


def _choose(subscription: Subscription, answers: Answers) -> None:
    for name in CHOSEN:
        setattr(subscription, name, answers[name])
    subscription.save()
    about_districts = Topic.OPPORTUNITIES in answers["topics"]
    chosen: Iterable[District] = answers["districts"] if about_districts else ()
    subscription.districts.set(chosen)
