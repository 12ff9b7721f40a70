"""Programmes and opportunities."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from .entries import Entry


@tracked()
class Programme(Entry):
    """A programme, pilot project or standing offer of the city or a partner."""

    TRANSLATED = ("title", *Entry.TRANSLATED)

    class Type(models.TextChoices):
        MENTORING = "mentoring", _("Mentorenprogramm")
        PILOT = "pilot", _("Pilotprojekt")
        PROJECT = "project", _("Projekt")
        CAMPUS = "campus", _("Campus")
        COORDINATION = "coordination", _("Koordination")
        SERVICE = "service", _("Angebot der Stadt")

    entry_ptr = models.OneToOneField(
        Entry, on_delete=models.CASCADE, parent_link=True, related_name="programme_entry"
    )
    type = models.CharField(_("Art des Programms"), max_length=12, choices=Type.choices)
    funder = models.CharField(_("gefördert von"), max_length=200, blank=True)
    partners = models.ManyToManyField(
        "programs.Organisation",
        verbose_name=_("Partner"),
        related_name="partner_programmes",
        blank=True,
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("gehört zu"),
        on_delete=models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
    )
    requires_conduct_check = models.BooleanField(
        _("Führungszeugnis nötig"),
        default=False,
        help_text=_("Dann beginnt niemand ohne gültige Einsicht (§ 72a SGB VIII)."),
    )
    makes_tandems = models.BooleanField(
        _("vermittelt Tandems"),
        default=False,
        help_text=_("Dann können Neuzugewanderte hier um eine Begleitung bitten."),
    )
    trial_weeks = models.PositiveSmallIntegerField(
        _("Schnupperphase in Wochen"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(26)],
        help_text=_(
            "So lange kann in einem neuen Tandem jede Seite ohne Angabe von Gründen wechseln. Leer: so lange "
            "wie im ganzen Portal üblich; 0: keine Schnupperphase. Laufende Tandems bleiben, wie sie sind."
        ),
    )
    reflections_a_year = models.PositiveSmallIntegerField(
        _("Reflexionen im Jahr"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(12)],
        help_text=_(
            "So viele Reflexionsabende oder Supervisionen im Jahr besucht, wer in diesem Programm im Einsatz ist; "
            "es zählt die Teilnahmeliste von Terminen dieses Programms. 0: keine Pflicht."
        ),
    )

    expenses_a_year = models.PositiveSmallIntegerField(
        _("Auslagen im Jahr, in Euro je Person"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(5000)],
        help_text=_(
            "So viel erstattet das Programm jeder engagierten Person im Kalenderjahr für Fahrkarten, Eintritt und "
            "Kaffee. 0: Es erstattet nichts, und niemand kann Auslagen eintragen."
        ),
    )

    class Meta:
        verbose_name = _("Programm")
        verbose_name_plural = _("Programme")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Entry.Kind.PROGRAMME
        super().save(*args, **kwargs)


@tracked()
class Opportunity(Entry):
    """One thing to do, with places and times."""

    TRANSLATED = ("title", *Entry.TRANSLATED)

    entry_ptr = models.OneToOneField(
        Entry, on_delete=models.CASCADE, parent_link=True, related_name="opportunity_entry"
    )
    part_of = models.ForeignKey(
        Entry,
        verbose_name=_("Programm oder Raum"),
        on_delete=models.PROTECT,
        related_name="opportunities",
        null=True,
        blank=True,
        limit_choices_to={"kind__in": [Entry.Kind.PROGRAMME, Entry.Kind.ROOM]},
    )

    class Meta:
        verbose_name = _("Einsatzmöglichkeit")
        verbose_name_plural = _("Einsatzmöglichkeiten")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Entry.Kind.OPPORTUNITY
        super().save(*args, **kwargs)
