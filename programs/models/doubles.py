"""Organisations that were entered twice: where a merged one went, and which pairs are not the same."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation


class FormerOrganisation(models.Model):
    """An organisation that was merged into another one: its name, number and address lead there."""

    number = models.BigIntegerField(_("Nummer"), unique=True)
    slug = models.SlugField(_("Adresse"), max_length=160, unique=True)
    title = models.CharField(_("Name"), max_length=160)
    kept = models.ForeignKey(
        Organisation,
        verbose_name=_("gehört jetzt zu"),
        on_delete=models.CASCADE,
        related_name="former",
    )
    merged_at = models.DateTimeField(_("zusammengeführt"), default=timezone.now)

    class Meta:
        verbose_name = _("zusammengeführte Organisation")
        verbose_name_plural = _("zusammengeführte Organisationen")
        ordering = ["-merged_at"]

    def __str__(self) -> str:
        return self.title


class DifferentPair(models.Model):
    """Two organisations with similar names that somebody has found to be different ones."""

    one = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    noted_at = models.DateTimeField(_("vermerkt"), default=timezone.now)

    class Meta:
        verbose_name = _("verschiedene Organisationen")
        verbose_name_plural = _("verschiedene Organisationen")
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"],
                name="different_pair_once",
                violation_error_message=_("Diese zwei sind schon als verschieden vermerkt."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
