"""What remains after deletion: that a rule ran, and counts from which nobody can be identified."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """One rule of retention deleted something on one day: how many, not whose."""

    rule = models.CharField(_("Regel"), max_length=40)
    at = models.DateTimeField(_("Zeit"), auto_now_add=True)
    deleted = models.PositiveIntegerField(_("gelöscht"))

    class Meta:
        verbose_name = _("Löschlauf")
        verbose_name_plural = _("Löschläufe")
        ordering = ["-at", "rule"]
        indexes = [models.Index(fields=["at"], name="retention_run_by_time")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.deleted}"


class Tally(models.Model):
    """The number of records that were deleted, so that the figures do not change.

    One row for each kind, organisation, entry, district, month and outcome. ``month`` is the first
    day of the month in which the record began (applications, requests, registrations, tandems), in
    which the work was done (hours), or in which it happened (placements, ends of tandems).
    """

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Anmeldungen")
        REGISTRATION = "registration", _("Teilnahmen")
        COMPANION_REQUEST = "companion_request", _("Suchen nach Begleitung")
        TANDEM = "tandem", _("Tandems")
        HOURS = "hours", _("Stunden")
        PLACEMENT = "placement", _("Vermittlungen")
        TANDEM_END = "tandem_end", _("beendete Tandems")
        GROUP = "group", _("Menschen in Gruppen")

    kind = models.CharField(_("Art"), max_length=17, choices=Kind.choices)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("Angebot"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    month = models.DateField(_("Monat"))
    outcome = models.CharField(_("Ausgang"), max_length=20, blank=True)
    count = models.PositiveIntegerField(_("Anzahl"), default=0)
    hours = models.DecimalField(_("Stunden"), max_digits=9, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("Zählung ohne Personen")
        verbose_name_plural = _("Zählungen ohne Personen")
        ordering = ["-month", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "entry", "district", "month", "outcome"],
                nulls_distinct=False,
                name="tally_one_row_a_count",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="tally_month_is_a_first_day",
                violation_error_message=_("Gezählt wird je Monat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month:%m/%Y}: {self.count}"
