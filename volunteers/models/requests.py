"""People who look for a companion, and requests that others make for them."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models.choices import (
    ScheduleMixin,
    SpeaksMixin,
    dayparts_field,
    languages_field,
    weekdays_field,
)
from programs.models.found_by import found_by
from programs.requests import AnyUser

from ..names import NameField
from ..periods import over_before
from ..validators import validate_single_line, validate_text
from .confirmed import ConfirmedByLink, link_is_over
from .consents import Consent
from .families import MOST_PEOPLE, AskedFor
from .identity import PersonKey
from .owned import CityOwnedQuerySet
from .tandem_choices import TandemStatus

ALIVE = (TandemStatus.PROPOSED, TandemStatus.RUNNING)


class RequestStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    AWAITING = "awaiting", _("wartet auf Einwilligung")
    OPEN = "open", _("sucht")
    MATCHED = "matched", _("im Tandem")
    CLOSED = "closed", _("abgeschlossen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


CONFIRMED = Q(confirmed_at__isnull=False)


class CompanionRequestQuerySet(CityOwnedQuerySet["CompanionRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed requests of the user's organisations, as long as they may be kept.

        Requests without an organisation are visible to the Sozialamt.
        """
        seen = super().visible_to(user).exclude(status=RequestStatus.UNCONFIRMED)
        if user.is_superuser:
            return seen
        return seen.filter(CONFIRMED | Q(status=RequestStatus.AWAITING)).kept()

    def kept(self) -> Self:
        """Leaves out closed and withdrawn ones whose retention period is over, before the nightly job deletes them."""
        limit = over_before(settings.KEEP_ENDED_TANDEMS_MONTHS)
        with_tandem = self.model._base_manager.filter(pk=OuterRef("pk"), tandems__isnull=False)
        over = Q(status__in=(RequestStatus.CLOSED, RequestStatus.WITHDRAWN), over_at__lt=limit)
        over_at = Coalesce("closed_at", "confirmed_at", "submitted_at")
        return self.alias(over_at=over_at).exclude(over & ~Exists(with_tandem))

    def open(self) -> Self:
        return self.filter(status=RequestStatus.OPEN)

    def not_agreed(self) -> Self:
        """Made for others; nobody has said yes yet."""
        return self.filter(asker__isnull=False, agreed_at__isnull=True)

    def with_room(self) -> Self:
        """Open ones with fewer proposals and tandems than companions wished."""
        alive = self.model._base_manager.filter(pk=OuterRef("pk"), tandems__status__in=ALIVE)
        number = alive.values("pk").annotate(number=Count("tandems")).values("number")
        taken = Coalesce(Subquery(number), 0)
        return self.open().alias(taken=taken).filter(taken__lt=F("companions"))

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=RequestStatus.UNCONFIRMED)

    def not_agreed_in_time(self) -> Self:
        """Those that waited for a yes for ``AGREEMENT_DAYS``, or got a no."""
        limit = timezone.now() - datetime.timedelta(days=settings.AGREEMENT_DAYS)
        for_others = Q(asker__isnull=False) | Q(entered_by__isnull=False)
        not_agreed = for_others & Q(status=RequestStatus.WITHDRAWN, confirmed_at=None)
        waited = Q(status=RequestStatus.AWAITING) | not_agreed
        return self.filter(waited, submitted_at__lt=limit)


WANTED = (
    "asked_for", "child_name", "child_age", "name", "email", "phone", "age_group", "languages",
    "fields", "district", "weekdays", "dayparts", "wish", "people", "companions", "preferred_language",
    "note",
)  # fmt: skip
"""What people who look for a companion are asked, in the order of the form; ``fields`` are related records."""


@tracked(
    fields=("id", "programme", "organisation", "status"),
    personal=[*(name for name in WANTED if name != "fields"), "agreed_name", "child_words"],
)
class CompanionRequest(SpeaksMixin, ScheduleMixin, AskedFor, ConfirmedByLink):
    """A person who looks for a companion. Never public, and nothing is kept beyond what is asked here.

    On purpose there is no field for residence status, health or religion. ``organisation`` looks
    after the request; without one the Sozialamt does.
    """

    Status = RequestStatus
    consent_purpose = Consent.Purpose.COMPANION_REQUEST

    class Wish(models.TextChoices):
        WOMAN = "woman", _("eine Frau")
        MAN = "man", _("einen Mann")

    class AgeGroup(models.TextChoices):
        MINOR = "minor", _("unter 18 Jahre")
        YOUNG = "young", _("18 bis 26 Jahre")
        ADULT = "adult", _("27 bis 59 Jahre")
        OLDER = "older", _("60 Jahre und älter")

    programme = models.ForeignKey(
        "programs.Programme",
        verbose_name=_("Programm"),
        on_delete=models.PROTECT,
        related_name="companion_requests",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("betreut von"),
        on_delete=models.PROTECT,
        related_name="companion_requests",
        null=True,
        blank=True,
        help_text=_("Leer heißt: Das Sozialamt kümmert sich."),
    )
    name = NameField(_("Vorname oder anderer Name"), max_length=60)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(
        _("Telefon"), max_length=40, blank=True, validators=[validate_single_line]
    )
    languages = languages_field(_("Sprachen"))
    fields = models.ManyToManyField(
        "programs.Field", verbose_name=_("Wobei"), related_name="companion_requests", blank=True
    )
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.PROTECT,
        related_name="companion_requests",
        null=True,
        blank=True,
    )
    weekdays = weekdays_field()
    dayparts = dayparts_field()
    wish = models.CharField(
        _("wünscht sich"),
        max_length=5,
        choices=Wish.choices,
        blank=True,
        help_text=_("Leer heißt: egal."),
    )
    age_group = models.CharField(_("Alter"), max_length=5, choices=AgeGroup.choices)
    note = models.TextField(
        _("Was sollten wir noch wissen?"),
        max_length=1000,
        blank=True,
        validators=[validate_text],
        help_text=_(
            "Bitte nichts über Aufenthaltsstatus, Gesundheit oder Religion, auch nicht von anderen."
        ),
    )
    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=RequestStatus.choices,
        default=RequestStatus.UNCONFIRMED,
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingetragen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    closed_at = models.DateTimeField(_("beendet"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = CompanionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Suche nach Begleitung")
        verbose_name_plural = _("Suchen nach Begleitung")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["organisation", "status"], name="request_worklist"),
            models.Index(fields=["email"], name="request_email"),
            models.Index(  # the list as it begins, and what „Auswertung“ counts of a year
                fields=["submitted_at", "id"],
                include=["organisation", "status", "confirmed_at"],
                name="request_by_day",
            ),
            found_by("name", "child_name", "email", "phone", name="request_found_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="request_can_be_reached",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["unconfirmed", "awaiting", "withdrawn"])
                | Q(confirmed_at__isnull=False),
                name="request_confirmed_before_search",
                violation_error_message=_("Die Anfrage ist noch nicht bestätigt."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "matched"])
                | Q(child_age="")
                | Q(agreed_at__isnull=False),
                name="request_child_needs_guardian",
                violation_error_message=_(
                    "Für ein Kind suchen wir erst, wenn Mutter, Vater oder wer sonst die Sorge hat, "
                    "eingewilligt hat."
                ),
            ),
            models.CheckConstraint(
                condition=Q(child_age="", child_name="")
                | (~Q(child_age="") & ~Q(child_name="") & Q(age_group="minor")),
                name="request_child_has_name_and_age",
                violation_error_message=_(
                    "Bei einem Kind gehören Vorname und Alter zusammen, und das Alter „unter 18 Jahre“."
                ),
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=MOST_PEOPLE),
                name="request_people_one_to_thirty",
                violation_error_message=_("Für 1 bis 30 Menschen."),
            ),
            models.UniqueConstraint(
                F("email"),
                PersonKey("name"),
                PersonKey("child_name"),
                F("asker"),
                # Not those whose asker has been deleted: there may be two alike.
                condition=((~Q(email="") & ~Q(asked_for="cared")) | Q(asker__isnull=False))
                & ~Q(status__in=["closed", "withdrawn"]),
                nulls_distinct=False,
                name="request_per_person_and_child",
                violation_error_message=_("Dafür gibt es schon eine offene Suche."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who_is_meant} ({self.age_label})"

    @property
    def age_label(self) -> str:
        return str(self.get_child_age_display() or self.get_age_group_display())

    @property
    def is_closed(self) -> bool:
        return self.status in {RequestStatus.CLOSED, RequestStatus.WITHDRAWN}

    @property
    def begun(self) -> int:
        """How many companions there are now; one query."""
        return self.tandems.running().count()

    def has_room(self) -> bool:
        """Whether another companion may be proposed; ask on the locked request."""
        return (
            self.status == RequestStatus.OPEN
            and self.tandems.filter(status__in=ALIVE).count() < self.companions
        )

    def end(self, status: RequestStatus) -> None:
        """Store the final ``status`` and the time; the retention period starts then."""
        self.status, self.closed_at = status, timezone.now()
        self.save(update_fields=["status", "closed_at"])
