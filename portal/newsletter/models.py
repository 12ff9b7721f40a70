"""Who gets the newsletter: an address, what it wants to hear of, and the proof that it asked for it."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import District, Language, Membership
from programs.requests import AnyUser
from programs.seeing import viewing
from volunteers.models.standing_orders import (
    OrderStatus,
    StandingOrder,
    StandingOrderQuerySet,
    order_constraints,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Topic(models.TextChoices):
    """What a subscription asks for, and what an issue is about; each is chosen for itself."""

    NEWS = "news", _("Alle Neuigkeiten")
    TRAININGS = "trainings", _("Schulungen und Fortbildungen")
    OPPORTUNITIES = "opportunities", _("Neue Einsätze in meinen Stadtbezirken")
    ORGANISATIONS = "organisations", _("Für Organisationen")


def topics_field(label: "str | _StrPromise") -> "ArrayField[Any, Any]":
    """The same column for subscriptions and issues."""
    return ArrayField(
        models.CharField(max_length=13, choices=Topic.choices), verbose_name=label, default=list
    )


class SubscriptionQuerySet(StandingOrderQuerySet["Subscription"]):
    def visible_to(self, user: AnyUser) -> Self:
        """All of them for the offices that send the newsletter; unconfirmed ones for nobody."""
        found = self.exclude(status=OrderStatus.UNCONFIRMED)
        if user.is_superuser:
            return found
        held = Membership.objects.active().held_by(viewing(user, self.model))
        return found if held.filter(role=Membership.Role.STAFF).exists() else self.none()

    def receiving(
        self, topics: Iterable[str], *, language: str, districts: Iterable[District] = ()
    ) -> Self:
        """Those who get an issue about ``topics`` in ``language``, each once, whatever they share.

        ``districts`` are those of the opportunities in it; without any it is for the whole city. A
        subscription to opportunities that names no district wants all of them.
        """
        about, near = set(topics), list(districts)
        wanted = Q(topics__overlap=sorted(about - {Topic.OPPORTUNITIES}))
        if Topic.OPPORTUNITIES in about:
            here = Q(topics__contains=[Topic.OPPORTUNITIES])
            through = Subscription.districts.through._default_manager
            if near:
                chosen = through.values("subscription")
                of_these = through.filter(district__in=near).values("subscription")
                here &= ~Q(pk__in=chosen) | Q(pk__in=of_these)
            wanted |= here
        return self.running().filter(wanted, language=language)


class Subscription(StandingOrder):
    """One mailbox that asked for the newsletter, without a name: an address has one or none.

    ``portal/newsletter/texts.py`` has the texts of ``text_version``. Write through
    ``portal/newsletter/services.py``.
    """

    topics = topics_field(_("Themen"))
    districts = models.ManyToManyField(
        "programs.District",
        verbose_name=_("Stadtbezirke"),
        related_name="+",
        blank=True,
        help_text=_("Für neue Einsätze; ohne Auswahl sind es alle."),
    )
    language = models.CharField(
        _("Sprache"), max_length=3, choices=Language.choices, default=Language.GERMAN
    )
    changed_at = models.DateTimeField(_("Auswahl geändert"), null=True, blank=True, editable=False)
    late_bounces = models.PositiveSmallIntegerField(
        _("vom Mailserver abgelehnt"), default=0, db_default=0, editable=False
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Newsletter-Bestellung")
        verbose_name_plural = _("Newsletter-Bestellungen")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="subscription_status"),
            models.Index(fields=["confirmed_at", "id"], name="subscription_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="subscription_once_per_address",
                violation_error_message=_("Diese Adresse gibt es schon."),
            ),
            models.CheckConstraint(
                condition=~Q(topics=[]),
                name="subscription_has_a_topic",
                violation_error_message=_("Bitte wählen Sie mindestens ein Thema."),
            ),
            *order_constraints(
                "subscription",
                unconfirmed=_("Ohne Bestätigung bekommt niemand den Newsletter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def ask_again(self, *, text_version: str, now: datetime.datetime) -> None:
        super().ask_again(text_version=text_version, now=now)
        self.changed_at = None

    def begin(self, now: datetime.datetime) -> None:
        super().begin(now)
        self.late_bounces = 0
