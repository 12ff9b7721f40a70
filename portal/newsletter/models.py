"""Who gets the newsletter: an address, what it wants to hear of, and the proof that it asked for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from programs.models import District, Language, Membership
from programs.requests import AnyUser
from programs.seeing import viewing
from volunteers.models.confirmed import ConfirmedByLink, link_is_over
from volunteers.periods import over_before

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HARD_BOUNCES = 3
"""Refusals for good by the mail server after which an address gets no more issues."""


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


class SubscriptionStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    ACTIVE = "active", _("bestellt")
    ENDED = "ended", _("abbestellt")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, user: AnyUser) -> Self:
        """All of them for the offices that send the newsletter; unconfirmed ones for nobody."""
        found = self.exclude(status=SubscriptionStatus.UNCONFIRMED)
        if user.is_superuser:
            return found
        held = Membership.objects.active().held_by(viewing(user, self.model))
        return found if held.filter(role=Membership.Role.STAFF).exists() else self.none()

    def running(self) -> Self:
        """Confirmed, not left, and the address takes mail."""
        return self.filter(status=SubscriptionStatus.ACTIVE, stopped_at__isnull=True)

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

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=SubscriptionStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Those that ended, or whose address was stopped, ``KEEP_ENDED_SUBSCRIPTIONS_MONTHS`` ago."""
        limit = over_before(settings.KEEP_ENDED_SUBSCRIPTIONS_MONTHS)
        return self.alias(over_at=Coalesce("ended_at", "stopped_at")).filter(over_at__lt=limit)


class Subscription(ConfirmedByLink):
    """One mailbox that asked for the newsletter, without a name: an address has one or none.

    The proof of the double opt-in are ``submitted_at``, ``confirmed_at`` and ``text_version``
    (``portal/newsletter/texts.py`` has the texts). No network address is kept. Write through
    ``portal/newsletter/services.py``.
    """

    Status = SubscriptionStatus

    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=SubscriptionStatus.choices,
        default=SubscriptionStatus.UNCONFIRMED,
    )
    email = models.EmailField(_("E-Mail"))
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
    text_version = models.CharField(
        _("Fassung des Textes"), max_length=20, blank=True, editable=False
    )
    changed_at = models.DateTimeField(_("Auswahl geändert"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("abbestellt"), null=True, blank=True, editable=False)
    hard_bounces = models.PositiveSmallIntegerField(
        _("vom Mailserver abgelehnt"), default=0, db_default=0, editable=False
    )
    late_bounces = models.PositiveSmallIntegerField(
        _("vom Mailserver abgelehnt"), default=0, db_default=0, editable=False
    )
    stopped_at = models.DateTimeField(
        _("Adresse nicht erreichbar"), null=True, blank=True, editable=False
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Newsletter-Bestellung")
        verbose_name_plural = _("Newsletter-Bestellungen")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="subscription_status"),
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
            models.CheckConstraint(
                condition=~Q(status="active") | Q(confirmed_at__isnull=False),
                name="subscription_active_is_confirmed",
                violation_error_message=_("Ohne Bestätigung bekommt niemand den Newsletter."),
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_at__isnull=False)
                | (~Q(status="ended") & Q(ended_at__isnull=True)),
                name="subscription_ended_has_a_time",
                violation_error_message=_("Was abbestellt ist, hat eine Zeit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Newsletter-Bestellung')} {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.status == SubscriptionStatus.ACTIVE and self.stopped_at is None

    @property
    def is_over(self) -> bool:
        return self.status == SubscriptionStatus.ENDED
