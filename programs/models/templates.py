"""Ready texts: for opportunities, from which an organisation makes its own, and for messages to many."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .choices import dayparts_field, weekdays_field
from .organisations import Organisation


class OpportunityTemplate(models.Model):
    """„Sprachcafé-Gastgeberin“: what such an opportunity usually says; staff edit it in the administration."""

    name = models.CharField(_("Name der Vorlage"), max_length=80, unique=True)
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True)
    title = models.CharField(_("Name des Angebots"), max_length=160)
    summary = models.CharField(
        _("Kurzbeschreibung"), max_length=300, help_text=_("Ein bis zwei Sätze.")
    )
    description = models.TextField(
        _("Beschreibung"), help_text=_("Absätze durch eine Leerzeile trennen.")
    )
    requirements = models.CharField(_("Voraussetzungen"), max_length=300, blank=True)
    time_note = models.CharField(_("Zeitaufwand"), max_length=160, blank=True)
    weekdays = weekdays_field()
    dayparts = dayparts_field()
    fields = models.ManyToManyField(
        "programs.Field", verbose_name=_("Engagementfelder"), related_name="+", blank=True
    )
    target_groups = models.ManyToManyField(
        "programs.TargetGroup", verbose_name=_("Zielgruppen"), related_name="+", blank=True
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Vorlage für Einsatzmöglichkeiten")
        verbose_name_plural = _("Vorlagen für Einsatzmöglichkeiten")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those of the organisations that ``user`` works for today."""
        if user.is_superuser:
            return self
        return self.filter(organisation__in=Organisation.objects.of(viewing(user, self.model)))


@tracked(part_of="organisation")
class MessageTemplate(models.Model):
    """A ready text for messages to many people; who changed what and when is in its history."""

    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="message_templates",
    )
    name = models.CharField(_("Name der Vorlage"), max_length=80)
    text = models.TextField(
        _("Text"),
        max_length=4000,
        help_text=_("{name} und {angebot} werden für jede Person eingesetzt."),
    )

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vorlage für Nachrichten")
        verbose_name_plural = _("Vorlagen für Nachrichten")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
