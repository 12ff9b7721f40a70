"""Every public fact states its source and its date (Stand)."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from .choices import Precision

FORMATS = {Precision.DAY: _("d.m.Y"), Precision.MONTH: _("m/Y"), Precision.YEAR: "Y"}


def format_date(value: datetime.date, precision: str) -> str:
    """``value`` formatted as precisely as it is known: 01.03.2018, 03/2018 or 2018."""
    return date_format(value, str(FORMATS[Precision(precision)]))


class Provenance(models.Model):
    """Source, Stand and confirmation of a record."""

    source = models.CharField(
        _("Quelle"), max_length=500, blank=True, help_text=_("Adresse oder Name des Dokuments.")
    )
    as_of = models.DateField(
        _("Stand"), null=True, blank=True, help_text=_("Tag des jüngsten Belegs.")
    )
    as_of_precision = models.CharField(
        _("Stand bekannt"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    confirmed_on = models.DateField(
        _("bestätigt am"),
        null=True,
        blank=True,
        help_text=_(
            "Tag, an dem die Organisation oder die zuständige Stelle den Eintrag bestätigt hat."
        ),
    )
    evidence_confirmed = models.BooleanField(
        _("durch aktuelle Belege gesichert"),
        default=False,
        help_text=_("Die Quelle belegt den heutigen Stand; der Eintrag gilt dann als bestätigt."),
    )

    class Meta:
        abstract = True

    @property
    def is_confirmed(self) -> bool:
        """Whether a responsible person or the evidence has confirmed the record."""
        return self.confirmed_on is not None or self.evidence_confirmed

    @property
    def stand_label(self) -> str:
        """„Stand: 12/2018“, or "" if no date is known."""
        if self.as_of is None:
            return ""
        return __("Stand: %(date)s") % {"date": format_date(self.as_of, self.as_of_precision)}

    def confirm(self) -> None:
        """Set the date and the confirmation to today. The caller must save."""
        today = timezone.localdate()
        self.confirmed_on = self.as_of = today
        self.as_of_precision = Precision.DAY
