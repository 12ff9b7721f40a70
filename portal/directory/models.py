"""What organisations do to keep their entries true, without an account: proposals, and what happened."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Entry, Organisation
from programs.requests import AnyUser
from programs.seeing import viewing
from volunteers.validators import validate_text

from .fields import CHANGEABLE, CHOICES


class ChangeProposalQuerySet(models.QuerySet["ChangeProposal"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those for entries of the user."""
        seen = Entry.objects.visible_to(viewing(user, self.model))
        return self.filter(entry__in=seen.values("pk"))

    def waiting(self) -> Self:
        return self.filter(state=ChangeProposal.State.WAITING)


class ChangeProposal(models.Model):
    """What somebody with a mailed link wants an entry to say: old and new value of each field.

    The portal writes these rows. What holds at once (``live``) is written into the entry in the same
    transaction; the rest waits for staff.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        LIVE = "live", _("gilt schon")
        ACCEPTED = "accepted", _("übernommen")
        DECLINED = "declined", _("abgelehnt")
        REPLACED = "replaced", _("durch einen neueren ersetzt")

    entry = models.ForeignKey(
        Entry, verbose_name=_("Eintrag"), on_delete=models.CASCADE, related_name="change_proposals"
    )
    before = models.JSONField(_("bisher"), default=dict)
    after = models.JSONField(_("neu"), default=dict)
    live = ArrayField(models.CharField(max_length=30), verbose_name=_("gilt sofort"), default=list)
    accepted = ArrayField(
        models.CharField(max_length=30), verbose_name=_("übernommen"), default=list
    )
    note = models.TextField(
        _("Nachricht"), max_length=1000, blank=True, default="", validators=[validate_text]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Leer heißt: über die Adresse für Rückfragen."),
    )
    made_at = models.DateTimeField(_("vorgeschlagen"), default=timezone.now)
    state = models.CharField(_("Stand"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("Grund der Ablehnung"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entschieden von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("entschieden"), null=True, blank=True)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("vorgeschlagene Änderung")
        verbose_name_plural = _("vorgeschlagene Änderungen")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(reason=""),
                name="change_proposal_declined_with_reason",
                violation_error_message=_("Bitte nennen Sie einen Grund."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry} ({timezone.localtime(self.made_at):%d.%m.%Y})"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def in_order(self) -> list[str]:
        """The changed fields in the order of the form; PostgreSQL keeps JSON in another one."""
        return [name for name in CHANGEABLE if name in self.after]

    @property
    def open_fields(self) -> list[str]:
        """The fields that somebody has to decide about, or had to."""
        return [name for name in self.in_order if name not in self.live]

    @property
    def waits(self) -> dict[str, Any]:
        """The new values of these fields."""
        return {name: self.after[name] for name in self.open_fields}


class ChangeRuleQuerySet(models.QuerySet["ChangeRule"]):
    def visible_to(self, user: AnyUser) -> Self:
        """They hold for the whole portal; the table of rights says who reads and who changes them."""
        return self


class ChangeRule(models.Model):
    """Whether changes of one field hold at once; without a row the standard of the portal holds."""

    field = models.CharField(_("Angabe"), max_length=30, choices=CHOICES, unique=True)
    at_once = models.BooleanField(
        _("gilt sofort"),
        default=False,
        help_text=_(
            "Dann steht auf der Seite, was eine Organisation über ihren Link einträgt, ohne dass es vorher "
            "jemand liest. Ohne Regel gelten Wochentage, Tageszeiten, Telefon und Sprechzeiten sofort, alles "
            "andere erst, wenn es jemand übernimmt."
        ),
    )

    objects = ChangeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Regel für Änderungen per Link")
        verbose_name_plural = _("Regeln für Änderungen per Link")
        ordering = ["field"]

    def __str__(self) -> str:
        return str(self.get_field_display())


class UpkeepQuerySet(models.QuerySet["Upkeep"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those of organisations that the user sees."""
        seen = Organisation.objects.visible_to(viewing(user, self.model))
        return self.filter(organisation__in=seen.values("pk"))


class Upkeep(models.Model):
    """One thing that happened to keep the entries of an organisation true."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("per Mail gefragt")
        CONFIRMED = "confirmed", _("per Link bestätigt")
        CHANGED = "changed", _("per Link geändert")
        PHONED = "phoned", _("am Telefon bestätigt")
        MISSED = "missed", _("am Telefon nicht erreicht")

    ANSWERS = (Kind.CONFIRMED, Kind.CHANGED, Kind.PHONED)

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="upkeep",
    )
    kind = models.CharField(_("was geschah"), max_length=9, choices=Kind.choices)
    at = models.DateTimeField(_("wann"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("wer"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rückfrage zu Einträgen")
        verbose_name_plural = _("Rückfragen zu Einträgen")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "kind", "at"], name="upkeep_of_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"
