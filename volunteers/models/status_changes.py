"""The history of an application, row by row."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .statuses import Status


class StatusChange(models.Model):
    """One step in the history of an application; rows are only ever added.

    The status may stay the same: then the row records another fact, for example that a step of the
    preparation was taken. ``organisation`` is set when another one answers from then on.
    """

    class Actor(models.TextChoices):
        APPLICANT = "applicant", _("angemeldete Person")
        STAFF = "staff", _("Koordination")
        SYSTEM = "system", _("Portal")

    application = models.ForeignKey(
        "volunteers.Application", on_delete=models.CASCADE, related_name="changes"
    )
    status = models.CharField(_("Status"), max_length=11, choices=Status.choices)
    at = models.DateTimeField(_("Zeit"), default=timezone.now)
    """Never before the application came in; „Einladen“ relies on it (``reads/invitees.py``)."""
    actor = models.CharField(_("durch"), max_length=9, choices=Actor.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.TextField(_("Notiz"), blank=True, max_length=1000)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("beantwortet ab jetzt"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("Schritt")
        verbose_name_plural = _("Verlauf")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_status_display()} ({self.at:%d.%m.%Y})"
