"""Backups that were made, so that every node knows how old the last good one is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """A backup that was written completely. The file itself may be gone by now."""

    made_at = models.DateTimeField(_("Zeit"))
    size = models.PositiveBigIntegerField(_("Größe in Bytes"))
    is_encrypted = models.BooleanField(_("verschlüsselt"))
    verified_at = models.DateTimeField(_("geprüft"), null=True, blank=True)

    class Meta:
        verbose_name = _("Sicherung")
        verbose_name_plural = _("Sicherungen")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
