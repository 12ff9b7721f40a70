"""Preparation of an application: its steps, inspected certificates, qualifications."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..periods import add_months, add_years, last_day_over
from .applications import OfApplicationQuerySet
from .owned import OwnedQuerySet

if TYPE_CHECKING:
    import datetime


class StepRecordQuerySet(OfApplicationQuerySet["StepRecord"]):
    """Records of steps; whoever sees the application sees them."""


class StepRecord(models.Model):
    """A step of a programme that somebody has taken, or that was waived. A step without a record is open.

    The certificate of conduct has no row here: its state comes from :class:`ConductCheck`.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("erledigt")
        WAIVED = "waived", _("erlassen")

    class How(models.TextChoices):
        PORTAL = "portal", _("im Portal")
        PAPER = "paper", _("auf Papier")
        TALK = "talk", _("im Gespräch")
        EVENT = "event", _("durch Teilnahme an einem Termin")

    application = models.ForeignKey(
        "volunteers.Application", on_delete=models.CASCADE, related_name="step_records"
    )
    step = models.ForeignKey(
        "programs.ProgrammeStep",
        verbose_name=_("Schritt"),
        on_delete=models.PROTECT,
        related_name="records",
    )
    outcome = models.CharField(
        _("Ergebnis"), max_length=6, choices=Outcome.choices, default=Outcome.DONE
    )
    on = models.DateField(_("am"))
    how = models.CharField(_("wie"), max_length=6, choices=How.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingetragen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("Notiz"), max_length=300, blank=True)
    text_version = models.PositiveSmallIntegerField(_("Fassung"), null=True, blank=True)
    text = models.TextField(
        _("Text"), blank=True, help_text=_("Die Worte, denen die Person zugestimmt hat.")
    )
    recorded_at = models.DateTimeField(_("eingetragen"), default=timezone.now, editable=False)

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("erledigter Schritt")
        verbose_name_plural = _("erledigte Schritte")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "step"],
                name="step_record_once_per_application",
                violation_error_message=_("Dieser Schritt ist schon eingetragen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.get_outcome_display()})"


class DueOn(Func):
    """:attr:`ConductCheck.due_on` in SQL; 29 February becomes the last day of February."""

    template = "(%(expressions)s + make_interval(years => %(years)s))::date"
    output_field = models.DateField()

    def __init__(self) -> None:
        super().__init__(F("issued_on"), years=settings.CONDUCT_CHECK_YEARS)


class ConductCheckQuerySet(OwnedQuerySet["ConductCheck"]):
    def valid(self, on: "datetime.date | None" = None) -> Self:
        """Free of relevant entries, and not older than ``CONDUCT_CHECK_YEARS`` on the given day (default: today)."""
        return self.alias(due=DueOn()).filter(is_clear=True, due__gt=on or timezone.localdate())

    def due_by(self, day: "datetime.date") -> Self:
        """Those that have to be renewed on ``day`` or before it, the most urgent first."""
        issued = last_day_over(12 * settings.CONDUCT_CHECK_YEARS, day)
        return self.filter(issued_on__lte=issued).order_by("issued_on", "pk")


class ConductCheck(models.Model):
    """An inspection of an extended certificate of good conduct (§ 72a SGB VIII).

    § 72a Abs. 5 allows to keep only three facts: that and when it was inspected, its date, and
    whether it is free of the offences named in Abs. 1. The paper stays with the person, so there is
    no field for a copy. One row for each person and organisation: the newest inspection.

    The row is deleted at once when nothing needs it any more, otherwise
    ``CONDUCT_CHECK_KEEP_MONTHS`` after the end of the last placement that needed it
    (``volunteers/services/checks.py``). The city's lawyers confirm periods and wording.
    """

    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.CASCADE,
        related_name="conduct_checks",
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("eingesehen bei"),
        on_delete=models.PROTECT,
        related_name="conduct_checks",
    )
    seen_on = models.DateField(_("eingesehen am"))
    issued_on = models.DateField(_("ausgestellt am"))
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingesehen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        help_text=_("Leer heißt: Das Konto gibt es nicht mehr. § 72a Abs. 5 fragt nicht danach."),
    )
    is_clear = models.BooleanField(
        _("ohne einschlägige Eintragung"),
        help_text=_("Keine rechtskräftige Verurteilung nach § 72a Abs. 1 SGB VIII."),
    )

    objects = ConductCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einsicht in ein Führungszeugnis")
        verbose_name_plural = _("Einsichten in Führungszeugnisse")
        ordering = ["-seen_on", "-pk"]
        indexes = [models.Index(fields=["issued_on", "id"], name="conduct_check_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organisation"],
                name="conduct_check_once_per_person_and_organisation",
                violation_error_message=_("Für diese Person ist schon eine Einsicht vermerkt."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__lte=F("seen_on")),
                name="conduct_check_issued_before_seen",
                violation_error_message=_("Ausgestellt wurde es nicht erst nach der Einsicht."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} ({self.seen_on:%d.%m.%Y})"

    @property
    def due_on(self) -> "datetime.date":
        """The day from which a new one is needed."""
        return add_years(self.issued_on, settings.CONDUCT_CHECK_YEARS)

    @property
    def is_valid(self) -> bool:
        return self.is_clear and timezone.localdate() < self.due_on


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def current(self) -> Self:
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=timezone.localdate()))


class Qualification(models.Model):
    """What somebody gained by attending an event; ``expires_on`` is the last day of validity."""

    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.CASCADE,
        related_name="qualifications",
    )
    event = models.ForeignKey(
        "programs.Event",
        verbose_name=_("Termin"),
        on_delete=models.PROTECT,
        related_name="qualifications",
    )
    title = models.CharField(_("Qualifikation"), max_length=160)
    acquired_on = models.DateField(_("erworben am"))
    expires_on = models.DateField(_("gültig bis"), null=True, blank=True)

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Qualifikation")
        verbose_name_plural = _("Qualifikationen")
        ordering = ["-acquired_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "event"],
                name="qualification_once_per_person_and_event",
                violation_error_message=_("Diese Qualifikation ist schon eingetragen."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("acquired_on")),
                name="qualification_expires_after_acquired",
                violation_error_message=_("Die Qualifikation endet vor ihrem Beginn."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @staticmethod
    def last_day(acquired_on: "datetime.date", months: int | None) -> "datetime.date | None":
        """The last day of validity after ``months``; None means no end."""
        return add_months(acquired_on, months) if months else None
