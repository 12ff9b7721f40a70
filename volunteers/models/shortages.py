"""What the worker has found out about the volunteers that are missing."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Shortage(models.Model):
    """The kinds of volunteers that would bring the most tandems; computed anew every day.

    One row for each organisation that looks after requests (None: the whole city). ``rows`` are
    ``matching.missing.Missing`` with the name of the district. Nobody's record is named.
    """

    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
    )
    as_of = models.DateTimeField(_("Stand"), default=timezone.now)
    requests = models.PositiveIntegerField(_("offene Suchen"))
    rows: "models.JSONField[list[dict[str, Any]]]" = models.JSONField(default=list)

    class Meta:
        verbose_name = _("Wer fehlt uns?")
        verbose_name_plural = _("Wer fehlt uns?")
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], nulls_distinct=False, name="shortage_one_row_a_scope"
            )
        ]

    def __str__(self) -> str:
        where = self.organisation or _("ganze Stadt")
        return f"{where} ({self.as_of:%d.%m.%Y})"
