"""Figures: those that the city states, and those that the portal counts every month."""

import datetime
from decimal import Decimal
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models import Provenance, Translated

from .measures import MEASURES, SPLITS, Measure, Split


@tracked()
class KeyFigure(Translated, Provenance):
    """The value of a figure at one date. A value for a new date is a new row; no value is overwritten."""

    TRANSLATED = ("label", "note")

    series = models.SlugField(
        _("Reihe"), help_text=_("Gleiche Reihe heißt: gleiche Größe zu verschiedenen Zeiten.")
    )
    label = models.CharField(_("Bezeichnung"), max_length=120)
    value = models.PositiveIntegerField(_("Wert"))
    department = models.CharField(_("zuständige Stelle"), max_length=160, blank=True)
    note = models.TextField(_("Erläuterung"), blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Kennzahl")
        verbose_name_plural = _("Kennzahlen")
        ordering = ["position", "series", "as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "as_of"],
                name="key_figure_once_per_date",
                violation_error_message=_("Zu diesem Stand gibt es schon einen Wert."),
            ),
            models.CheckConstraint(
                condition=models.Q(as_of__isnull=False) & ~models.Q(source=""),
                name="key_figure_has_stand_and_source",
                violation_error_message=_("Jede Kennzahl braucht Stand und Quelle."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.value} ({self.stand_label})"


class FigureQuerySet(models.QuerySet["Figure"]):
    def newest(self) -> Self:
        """Of each value only the newest: the last correction, or the first statement."""
        return self.order_by("measure", "split", "row", "period", "stand", "-revision").distinct(
            "measure", "split", "row", "period", "stand"
        )

    def months(self) -> Self:
        return self.filter(period=Figure.Period.MONTH)


class Figure(models.Model):
    """One published value: of one figure, for one row of one split, at one Stand.

    A row never changes (a trigger of the database sees to it) and names nobody and nothing by a foreign key, so
    that it stays when an organisation is merged or a person is deleted. A correction is a row with the next
    ``revision`` and a reason. ``value`` is exact and for those who may see the people; ``shown``, between ``low``
    and ``high``, is what everybody else sees: all three are empty for what is not told.
    """

    class Period(models.TextChoices):
        MONTH = "month", _("Monat")
        YEAR = "year", _("Jahr")

    number = models.PositiveBigIntegerField(_("Nummer"), unique=True, editable=False)
    measure = models.CharField(_("Größe"), max_length=60)
    period = models.CharField(
        _("Zeitraum"), max_length=5, choices=Period.choices, default=Period.MONTH
    )
    stand = models.DateField(_("Stand"))
    split = models.CharField(
        _("Gliederung"), max_length=12, choices=[(str(key), label) for key, label in SPLITS.items()]
    )
    row = models.CharField(_("Zeile"), max_length=20, blank=True, default="")
    label = models.CharField(_("Bezeichnung"), max_length=200, blank=True, default="")
    value = models.DecimalField(_("Wert"), max_digits=12, decimal_places=2, null=True, blank=True)
    people = models.PositiveIntegerField(_("Menschen dahinter"), null=True, blank=True)
    shown = models.PositiveIntegerField(_("gezeigt"), null=True, blank=True)
    low = models.PositiveIntegerField(_("mindestens"), null=True, blank=True)
    high = models.PositiveIntegerField(_("höchstens"), null=True, blank=True)
    source = models.CharField(_("Quelle"), max_length=500)
    revision = models.PositiveSmallIntegerField(_("Berichtigung"), default=0)
    reason = models.CharField(_("Grund der Berichtigung"), max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(_("festgehalten"), default=timezone.now)
    salt = models.CharField(max_length=32, editable=False)
    digest = models.CharField(_("Prüfsumme"), max_length=64, editable=False)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Monatszahl")
        verbose_name_plural = _("Monatszahlen")
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["measure", "split", "row", "period", "stand", "-revision"],
                name="figures_of_a_series",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "period", "stand", "split", "row", "revision"],
                name="figure_once_a_stand",
                violation_error_message=_("Diesen Wert gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(revision=0, reason="") | Q(revision__gt=0) & ~Q(reason=""),
                name="figure_corrected_with_reason",
                violation_error_message=_("Eine Berichtigung braucht einen Grund."),
            ),
            models.CheckConstraint(
                condition=Q(shown=None, low=None, high=None)
                | Q(low__isnull=False, high__gte=models.F("low"), shown__isnull=False),
                name="figure_shown_between_bounds",
                violation_error_message=_("Was gezeigt wird, liegt zwischen den Grenzen."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="figures_are_final", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure_label}, {self.row_label}, {self.stand:%d.%m.%Y}"

    @property
    def of(self) -> Measure | None:
        """What was counted; None for a figure that the city stated."""
        return MEASURES.get(self.measure)

    @property
    def measure_label(self) -> str:
        return str(self.of.label) if self.of else self.label

    @property
    def row_label(self) -> str:
        return str(SPLITS[Split.TOTAL]) if self.split == Split.TOTAL else self.label

    @property
    def outside(self) -> str:
        """What everybody may read."""
        if self.shown is None or self.low is None or self.high is None:
            return __("nicht ausgewiesen")
        if self.low == 1 and self.high > 1:
            return __("unter %(limit)d") % {"limit": self.high + 1}
        return str(self.shown)

    @property
    def exact(self) -> str:
        """The value for those who may see the people."""
        return "–" if self.value is None else plain(self.value)


def plain(value: Decimal) -> str:
    """Without needless zeros: 7, 2,5."""
    return f"{value.normalize():f}".replace(".", ",")


FIRST_STAND = datetime.date(2018, 1, 31)
"""No automatic figure is older: that is when the Willkommensräume began."""
