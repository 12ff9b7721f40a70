"""What a mailbox has asked to get by mail until it has enough: the newsletter, new offers for a search.

It bears no name, so whoever reads the mailbox owns it, alone or with others. The proof of the double
opt-in are ``submitted_at``, ``confirmed_at`` and ``text_version``; no network address is kept.
``volunteers/services/standing_orders.py`` writes. The models are in the app above, so those that look
for all of them name them by label.
"""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ..periods import over_before
from .confirmed import ConfirmedByLink, link_is_over

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LABELS = ("portal.Subscription", "portal.SavedSearch")
HARD_BOUNCES = 3
"""Refusals for good by the mail server after which an address gets no more mails of an order."""


class OrderStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    ACTIVE = "active", _("bestellt")
    ENDED = "ended", _("abbestellt")


Kept = TypeVar("Kept", bound="StandingOrder")


class StandingOrderQuerySet(models.QuerySet[Kept]):
    def running(self) -> Self:
        """Confirmed, not left, and the address takes mail."""
        return self.filter(status=OrderStatus.ACTIVE, stopped_at__isnull=True)

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=OrderStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Those that ended, or whose address was stopped, ``KEEP_ENDED_SUBSCRIPTIONS_MONTHS`` ago."""
        limit = over_before(settings.KEEP_ENDED_SUBSCRIPTIONS_MONTHS)
        return self.alias(over_at=Coalesce("ended_at", "stopped_at")).filter(over_at__lt=limit)


class StandingOrder(ConfirmedByLink):
    """The columns that all of them have."""

    SAME: ClassVar[tuple[str, ...]] = ()
    """The columns that, with the address, tell one order from another; none: an address has one."""

    Status = OrderStatus

    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=OrderStatus.choices,
        default=OrderStatus.UNCONFIRMED,
    )
    email = models.EmailField(_("E-Mail"))
    text_version = models.CharField(
        _("Fassung des Textes"), max_length=20, blank=True, editable=False
    )
    ended_at = models.DateTimeField(_("abbestellt"), null=True, blank=True, editable=False)
    hard_bounces = models.PositiveSmallIntegerField(
        _("vom Mailserver abgelehnt"), default=0, db_default=0, editable=False
    )
    stopped_at = models.DateTimeField(
        _("Adresse nicht erreichbar"), null=True, blank=True, editable=False
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        return self.status == OrderStatus.ACTIVE and self.stopped_at is None

    @property
    def is_over(self) -> bool:
        return self.status == OrderStatus.ENDED

    @property
    def masked(self) -> str:
        """„a…@example.org“: enough for whoever reads the mailbox; links in such mails are passed on."""
        name, _at, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"

    def ask_again(self, *, text_version: str, now: datetime.datetime) -> None:
        """Back to the state before the confirmation; the caller saves."""
        self.status, self.text_version = OrderStatus.UNCONFIRMED, text_version
        self.submitted_at = now
        self.confirmed_at = self.ended_at = None

    def begin(self, now: datetime.datetime) -> None:
        """From now on mails come; the caller saves."""
        self.status, self.confirmed_at = OrderStatus.ACTIVE, now
        self.ended_at = self.stopped_at = None
        self.hard_bounces = 0


def order_constraints(
    name: str, *, unconfirmed: "str | _StrPromise"
) -> list[models.BaseConstraint]:
    """Those of every such table; ``unconfirmed`` is said about one that runs without a confirmation."""
    return [
        models.CheckConstraint(
            condition=~Q(status="active") | Q(confirmed_at__isnull=False),
            name=f"{name}_active_is_confirmed",
            violation_error_message=unconfirmed,
        ),
        models.CheckConstraint(
            condition=Q(status="ended", ended_at__isnull=False)
            | (~Q(status="ended") & Q(ended_at__isnull=True)),
            name=f"{name}_ended_has_a_time",
            violation_error_message=_("Was abbestellt ist, hat eine Zeit."),
        ),
    ]


def order_models() -> tuple[Any, ...]:
    return tuple(apps.get_model(label) for label in LABELS)


def orders_of(emails: Iterable[str]) -> "list[models.QuerySet[Any]]":
    """All orders of these mailboxes, one queryset a model."""
    addresses = list(emails)
    return [one._default_manager.filter(email__in=addresses) for one in order_models()]
