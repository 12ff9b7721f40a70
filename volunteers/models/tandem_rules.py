"""When a tandem needs attention, and who is told: rules as data, kept in the administration."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.requests import AnyUser


class TandemRuleQuerySet(models.QuerySet["TandemRule"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Rules hold for the whole portal; the table of rights says who reads and who changes them."""
        return self


class TandemRule(models.Model):
    """After so many days of ``event``, ``whom`` gets a mail. Every rule also marks the tandem in the list."""

    class Event(models.TextChoices):
        """In the order of weight; see ``volunteers/reads/health.py`` for what each means."""

        SUPPORT = "support", _("bat um Unterstützung")
        ALONE = "alone", _("zweite Person beim ersten Treffen nicht bestätigt")
        NOT_MET = "not_met", _("noch kein erstes Treffen")
        NO_REPLY = "no_reply", _("Rückfrage ohne Antwort")
        SILENCE = "silence", _("lange nichts gehört")

    class Whom(models.TextChoices):
        COORDINATION = "coordination", _("die Stelle, die das Tandem betreut")
        DEPARTMENT = "department", _("die Abteilung, die für diese Stelle zuständig ist")

    event = models.CharField(
        _("Was geschieht"),
        max_length=8,
        choices=Event.choices,
        help_text=_(
            "„Rückfrage ohne Antwort“: gefragt, und seitdem hat sich keine Seite gemeldet. „Lange nichts gehört“: "
            "seit der letzten Antwort, oder seit dem Beginn. „Zweite Person“: Das Schutzkonzept verlangt sie, und Sie "
            "haben beim Tandem noch nicht bestätigt, dass sie dabei war."
        ),
    )
    days = models.PositiveSmallIntegerField(
        _("nach wie vielen Tagen"),
        validators=[MaxValueValidator(365)],
        help_text=_("0 heißt: sofort. Angehaltene Tandems zählen nicht."),
    )
    whom = models.CharField(
        _("wer bekommt eine Mail"),
        max_length=12,
        choices=Whom.choices,
        help_text=_(
            "Eine Mail am Tag für alle Tandems zusammen, und für dasselbe nur einmal. Die Abteilung erfährt nur, "
            "welche Stelle es betrifft und wie viele Tandems, nie wen."
        ),
    )

    objects = TandemRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Regel für Tandems")
        verbose_name_plural = _("Regeln für Tandems")
        ordering = ["event", "days", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "whom"],
                name="tandem_rule_once",
                violation_error_message=_(
                    "Diese Regel gibt es schon; bitte ändern Sie dort die Tage."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.get_whom_display()}"
