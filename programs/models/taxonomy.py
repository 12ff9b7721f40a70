"""Districts, fields and target groups: the lists that search and map group by."""

import re
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .translated import Translated


def _changed() -> "models.DateTimeField[Any, Any]":
    """When the record last changed, written by a trigger; empty if that was before it was written down."""
    return models.DateTimeField(_("geändert"), null=True, blank=True, editable=False)


class District(models.Model):
    """One of the 23 Stadtbezirke. Its official number is the primary key and never changes."""

    class Zone(models.TextChoices):
        INNER = "inner", _("Innenstadt")
        OUTER = "outer", _("Äußerer Stadtbezirk")

    number = models.CharField(_("Nummer"), max_length=2, primary_key=True)
    name = models.CharField(_("Name"), max_length=60, unique=True)
    short_name = models.CharField(_("Kurzname"), max_length=40, unique=True)
    slug = models.SlugField(_("Adresse"), unique=True)
    zone = models.CharField(_("Lage"), max_length=5, choices=Zone.choices)
    latitude = models.FloatField(_("Breite (WGS84)"))
    longitude = models.FloatField(_("Länge (WGS84)"))
    area_km2 = models.FloatField(_("Fläche in km²"))
    neighbours = models.ManyToManyField("self", verbose_name=_("Nachbarbezirke"), blank=True)
    updated_at = _changed()

    class Meta:
        verbose_name = _("Stadtbezirk")
        verbose_name_plural = _("Stadtbezirke")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("portal:district", args=[self.slug])


class Term(Translated):
    """A term in a list that staff edit: name, slug and a description."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("name", "description")

    name = models.CharField(_("Name"), max_length=80, unique=True)
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True)
    description = models.TextField(
        _("Beschreibung"), blank=True, help_text=_("Ein bis drei Sätze für die öffentliche Seite.")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    updated_at = _changed()

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        """The name in the language of the page, also in the choices of a form."""
        return self.said("name")


class Field(Term):
    """A field of engagement (Engagementfeld), with the trend of demand that the city has observed."""

    TRANSLATED = (*Term.TRANSLATED, "in_plain_words", "trend_note")

    class Trend(models.TextChoices):
        GROWING = "growing", _("wächst")
        SHRINKING = "shrinking", _("geht zurück")

    in_plain_words = models.CharField(
        _("In einfachen Worten"),
        max_length=100,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Was Menschen dazu sagen, die Hilfe suchen: „Briefe vom Amt, Formulare, mit zum Termin gehen“."
        ),
    )
    trend = models.CharField(
        _("Entwicklung"), max_length=9, choices=Trend.choices, blank=True, default=""
    )
    trend_note = models.TextField(_("Erläuterung zur Entwicklung"), blank=True)
    trend_source = models.CharField(
        _("Quelle und Stand der Entwicklung"), max_length=300, blank=True
    )

    class Meta(Term.Meta):
        verbose_name = _("Engagementfeld")
        verbose_name_plural = _("Engagementfelder")

    def get_absolute_url(self) -> str:
        return reverse("portal:field", args=[self.slug])

    @property
    def trend_stand(self) -> str:
        """The date of the observation as the source names it: „Stand Juli 2019“, or ""."""
        found = re.search(r"\bStand:? [^,;]+", self.trend_source)
        return found[0] if found else ""


class TargetGroup(Term):
    class Meta(Term.Meta):
        verbose_name = _("Zielgruppe")
        verbose_name_plural = _("Zielgruppen")
