"""Which rules of the matching held when, and what was suggested under them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..validators import validate_single_line


class MatchingRules(models.Model):
    """The rules that hold since a moment; the newest row holds now. Rows are only added."""

    since = models.DateTimeField(_("gilt seit"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("umgestellt von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("Warum"), max_length=300, validators=[validate_single_line])
    rules: "models.JSONField[dict[str, Any]]" = models.JSONField(_("Regeln"))

    class Meta:
        verbose_name = _("Regeln für Vorschläge")
        verbose_name_plural = _("Regeln für Vorschläge")
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return str(_("Regeln seit %(day)s") % {"day": f"{self.since:%d.%m.%Y}"})


class MatchingRound(models.Model):
    """What the portal suggested for all together, and all that it suggested it from.

    ``cases`` are the two sides by place in a list: what they said, without name, number, address or any
    way back to a record. So a round can be computed again after people have gone.
    """

    at = models.DateTimeField(_("Zeit"), default=timezone.now)
    rules: "models.JSONField[dict[str, Any]]" = models.JSONField(_("Regeln"))
    cases: "models.JSONField[dict[str, Any]]" = models.JSONField(_("Fälle"))

    class Meta:
        verbose_name = _("Gesamtvorschlag einer Woche")
        verbose_name_plural = _("Gesamtvorschläge der Wochen")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y}"
