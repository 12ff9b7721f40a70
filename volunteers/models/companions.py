"""People who look for a companion, and their tandems."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
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
from programs.requests import AnyUser

from ..names import NameField
from ..periods import add_months, over_before
from ..validators import validate_single_line, validate_text
from .confirmed import ConfirmedByLink, link_is_over
from .consents import Consent
from .first_weeks import FirstWeeks
from .identity import ONE_PERSON
from .owned import CityOwnedQuerySet
from .tandem_choices import Answer, Hold, Side, TandemStatus

__all__ = ["Answer", "Hold", "Side", "TandemStatus"]
"""Chosen in tandems; imported from here with the models."""


class RequestStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    OPEN = "open", _("sucht")
    MATCHED = "matched", _("im Tandem")
    CLOSED = "closed", _("abgeschlossen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


class CompanionRequestQuerySet(CityOwnedQuerySet["CompanionRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed requests of the user's organisations, as long as they may be kept.

        Requests without an organisation are visible to the Sozialamt.
        """
        seen = super().visible_to(user).exclude(status=RequestStatus.UNCONFIRMED)
        if user.is_superuser:
            return seen
        return seen.filter(confirmed_at__isnull=False).kept()

    def kept(self) -> Self:
        """Leaves out closed and withdrawn ones whose retention period is over, before the nightly job deletes them."""
        limit = over_before(settings.KEEP_ENDED_TANDEMS_MONTHS)
        tandem = Tandem.objects.filter(request=OuterRef("pk"))
        over = Q(status__in=(RequestStatus.CLOSED, RequestStatus.WITHDRAWN), over_at__lt=limit)
        over_at = Coalesce("closed_at", "confirmed_at", "submitted_at")
        return self.alias(over_at=over_at).exclude(over & ~Exists(tandem))

    def open(self) -> Self:
        return self.filter(status=RequestStatus.OPEN)

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=RequestStatus.UNCONFIRMED)


WANTED = (
    "name", "email", "phone", "age_group", "languages", "fields", "district", "weekdays", "dayparts",
    "wish", "note",
)  # fmt: skip
"""What people who look for a companion are asked, in the order of the form; ``fields`` are related records."""


@tracked(
    fields=("id", "programme", "organisation", "status"),
    personal=[name for name in WANTED if name != "fields"],
)
class CompanionRequest(SpeaksMixin, ScheduleMixin, ConfirmedByLink):
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
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="request_can_be_reached",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
            models.CheckConstraint(
                condition=Q(status="unconfirmed")
                | Q(confirmed_at__isnull=False)
                | Q(status="withdrawn"),
                name="request_confirmed_before_work",
                violation_error_message=_("Die Anfrage ist noch nicht bestätigt."),
            ),
            models.UniqueConstraint(
                *ONE_PERSON,
                condition=~Q(email="") & ~Q(status__in=["closed", "withdrawn"]),
                name="request_per_person",
                violation_error_message=_("Für diese Person gibt es schon eine offene Suche."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_age_group_display()})"

    @property
    def is_closed(self) -> bool:
        return self.status in {RequestStatus.CLOSED, RequestStatus.WITHDRAWN}

    def end(self, status: RequestStatus) -> None:
        """Store the final ``status`` and the time; the retention period starts then."""
        self.status, self.closed_at = status, timezone.now()
        self.save(update_fields=["status", "closed_at"])


class TandemQuerySet(CityOwnedQuerySet["Tandem"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Tandems of the user's organisations, as long as they may be kept.

        Tandems without an organisation are visible to the Sozialamt.
        """
        seen = super().visible_to(user)
        return seen if user.is_superuser else seen.kept()

    def kept(self) -> Self:
        """Leaves out those that ended or failed so long ago that their retention period is over."""
        limit = over_before(settings.KEEP_ENDED_TANDEMS_MONTHS)
        last = Greatest("proposed_at", "volunteer_answered_at", "newcomer_answered_at")
        nothing = (TandemStatus.DECLINED, TandemStatus.LAPSED)
        ended = Q(status=TandemStatus.ENDED, ended_on__lt=timezone.localdate(limit))
        return self.alias(last=last).exclude(ended | Q(status__in=nothing, last__lt=limit))

    def running(self) -> Self:
        return self.filter(status=TandemStatus.RUNNING)

    def going_on(self) -> Self:
        """Running and not on hold: only these pass on contacts and are asked how it goes."""
        return self.running().filter(hold="")

    def alive(self) -> Self:
        """Proposed or running: while it is, neither the request nor the volunteer is free."""
        return self.filter(status__in=(TandemStatus.PROPOSED, TandemStatus.RUNNING))


@tracked(fields=("id", "organisation", "status", "started_on", "ended_on"))
class Tandem(FirstWeeks, models.Model):
    """A volunteer and a newcomer: proposed by the coordination, started when both agree.

    Neither side learns who the other is before both have said yes. Without an organisation the
    Sozialamt looks after it.
    """

    Status = TandemStatus

    class EndReason(models.TextChoices):
        REACHED = "reached", _("Wir haben erreicht, was wir wollten")
        MOVED = "moved", _("Umzug")
        NO_TIME = "no_time", _("Keine Zeit mehr")
        NO_CONTACT = "no_contact", _("Kein Kontakt mehr")
        NO_FIT = "no_fit", _("Es hat nicht gepasst")
        CHANGE = "change", _("Wechsel nach dem Kennenlernen")
        OTHER = "other", _("Anderer Grund")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(
        CompanionRequest,
        verbose_name=_("Suche"),
        on_delete=models.PROTECT,
        related_name="tandems",
    )
    application = models.ForeignKey(
        "volunteers.Application",
        verbose_name=_("Anmeldung"),
        on_delete=models.PROTECT,
        related_name="tandems",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.PROTECT,
        related_name="tandems",
        editable=False,
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("betreut von"),
        on_delete=models.PROTECT,
        related_name="tandems",
        null=True,
        blank=True,
        help_text=_("Leer heißt: Das Sozialamt kümmert sich."),
    )
    status = models.CharField(
        _("Status"),
        max_length=8,
        choices=TandemStatus.choices,
        default=TandemStatus.PROPOSED,
    )
    proposed_at = models.DateTimeField(_("vorgeschlagen"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("vorgeschlagen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    volunteer_answer = models.CharField(
        _("Antwort der engagierten Person"), max_length=3, choices=Answer.choices, blank=True
    )
    volunteer_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    newcomer_answer = models.CharField(
        _("Antwort der begleiteten Person"), max_length=3, choices=Answer.choices, blank=True
    )
    newcomer_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_on = models.DateField(_("Beginn"), null=True, blank=True)
    ended_on = models.DateField(_("Ende"), null=True, blank=True)
    end_reason = models.CharField(
        _("Grund des Endes"), max_length=10, choices=EndReason.choices, blank=True
    )
    ended_by = models.CharField(_("beendet durch"), max_length=9, choices=Side.choices, blank=True)
    volunteer_closing = models.TextField(
        _("Was hat es Ihnen gebracht? (engagierte Person)"), max_length=1000, blank=True
    )
    newcomer_closing = models.TextField(
        _("Was hat es Ihnen gebracht? (begleitete Person)"), max_length=1000, blank=True
    )
    needs_support_since = models.DateTimeField(
        _("braucht Unterstützung seit"), null=True, blank=True
    )
    hold = models.CharField(
        _("ruht"), max_length=12, choices=Hold.choices, blank=True, default="", db_default="",
        editable=False,
    )  # fmt: skip
    held_at = models.DateTimeField(_("ruht seit"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = TandemQuerySet.as_manager()

    class Meta:
        verbose_name = _("Tandem")
        verbose_name_plural = _("Tandems")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=["proposed", "running"]),
                name="tandem_one_at_a_time_per_request",
                violation_error_message=_("Für diese Suche gibt es schon einen Vorschlag."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["running", "ended"])
                | Q(
                    volunteer_answer="yes",
                    newcomer_answer="yes",
                    started_on__isnull=False,
                ),
                name="tandem_runs_when_both_agreed",
                violation_error_message=_("Ein Tandem beginnt, wenn beide zugestimmt haben."),
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="tandem_ends_with_a_reason",
                violation_error_message=_("Bitte nennen Sie den Grund des Endes."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="tandem_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.name} & {self.request.name}"

    @property
    def is_alive(self) -> bool:
        return self.status in {TandemStatus.PROPOSED, TandemStatus.RUNNING}

    @property
    def is_held(self) -> bool:
        return bool(self.hold)

    def check_in_days(self, until: datetime.date) -> list[datetime.date]:
        """The days on which both sides are asked: ``CHECK_IN_WEEKS`` after the start, then every half year."""
        if self.started_on is None:
            return []
        days = [self.started_on + datetime.timedelta(weeks=w) for w in settings.CHECK_IN_WEEKS]
        months = settings.CHECK_IN_EVERY_MONTHS
        number = 1
        while (day := add_months(self.started_on, number * months)) <= until:
            days.append(day)
            number += 1
        return [day for day in days if day <= until]
