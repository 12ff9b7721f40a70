"""The log of exports: who took which data out of the portal."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportRecord(models.Model):
    """One export: by whom, for which purpose, of what, with which filter, how many rows."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    at = models.DateTimeField(_("Zeit"), auto_now_add=True)
    what = models.CharField(_("Liste"), max_length=100)
    purpose = models.CharField(
        _("Zweck"), max_length=200, blank=True, help_text=_("Wofür die Liste gebraucht wird.")
    )
    filter = models.TextField(_("Filter"), blank=True)
    format = models.CharField(_("Format"), max_length=10)
    rows = models.PositiveIntegerField(_("Zeilen"))

    class Meta:
        verbose_name = pgettext_lazy("eine gespeicherte Liste", "Export")  # not a button's label
        verbose_name_plural = _("Exporte")
        ordering = ["-at"]
        indexes = [models.Index(fields=["at", "id"], name="export_by_time")]

    def __str__(self) -> str:
        return f"{self.what} ({self.rows})"
