"""Tandems: a volunteer and somebody who looked for a companion."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.requests import AnyUser

from ..periods import add_months, over_before
from .first_weeks import FirstWeeks
from .owned import CityOwnedQuerySet
from .requests import ALIVE, WANTED, CompanionRequest, RequestStatus
from .tandem_choices import Answer, Hold, Side, TandemStatus

__all__ = [
    "WANTED", "Answer", "CompanionRequest", "Hold", "RequestStatus", "Side", "TandemStatus",
]  # fmt: skip
"""What tandems are made of; imported from here with the models."""


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
        return self.filter(status__in=ALIVE)


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
    volunteer_again_at = models.DateTimeField(
        _("Engagierte Person: möchte wieder seit"), null=True, blank=True, editable=False
    )
    newcomer_again_at = models.DateTimeField(
        _("Begleitete Person: möchte wieder seit"), null=True, blank=True, editable=False
    )
    search_reopened = models.BooleanField(
        _("die Suche ist nur für dieses Paar wieder offen"),
        default=False,
        db_default=False,
        editable=False,
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = TandemQuerySet.as_manager()

    class Meta:
        verbose_name = _("Tandem")
        verbose_name_plural = _("Tandems")
        ordering = ["-proposed_at", "-pk"]
        indexes = [models.Index(fields=["status"], name="tandem_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "volunteer"],
                condition=Q(status__in=["proposed", "running"]),
                name="tandem_once_per_request_and_person",
                violation_error_message=_("Für diese beiden gibt es schon einen Vorschlag."),
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
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="tandem_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.name} & {self.request.who_is_meant}"

    @property
    def is_alive(self) -> bool:
        return self.status in ALIVE

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
