"""What is kept about what happened: the steps of an application, and consents."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .applications import Application, Status


class StatusChange(models.Model):
    """One step of an application; rows are only ever added.

    The status may stay the same: then the row tells something else that happened, for example that
    a step of the preparation was taken. ``organisation`` is set where another one answers from then on.
    """

    class Actor(models.TextChoices):
        APPLICANT = "applicant", _("angemeldete Person")
        STAFF = "staff", _("Koordination")
        SYSTEM = "system", _("Portal")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="changes")
    status = models.CharField(_("Status"), max_length=11, choices=Status.choices)
    at = models.DateTimeField(_("Zeit"), default=timezone.now)
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


class Consent(models.Model):
    """That somebody agreed to a purpose, to which version of the text, and when (Art. 7 GDPR)."""

    class Purpose(models.TextChoices):
        APPLICATION = "application", _("Bearbeitung der Anmeldung")
        COMPANION_REQUEST = "companion_request", _("Suche nach einer Begleitung")
        REGISTRATION = "registration", _("Teilnahme an einem Termin")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="consents", null=True, blank=True
    )
    companion_request = models.ForeignKey(
        "volunteers.CompanionRequest",
        on_delete=models.CASCADE,
        related_name="consents",
        null=True,
        blank=True,
    )
    registration = models.ForeignKey(
        "volunteers.Registration",
        on_delete=models.CASCADE,
        related_name="consents",
        null=True,
        blank=True,
    )
    purpose = models.CharField(_("Zweck"), max_length=20, choices=Purpose.choices)
    text_version = models.CharField(_("Fassung des Textes"), max_length=20)
    given_at = models.DateTimeField(_("erteilt"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("widerrufen"), null=True, blank=True)

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")
        ordering = ["given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    purpose="application",
                    application__isnull=False,
                    companion_request__isnull=True,
                    registration__isnull=True,
                )
                | Q(
                    purpose="companion_request",
                    application__isnull=True,
                    companion_request__isnull=False,
                    registration__isnull=True,
                )
                | Q(
                    purpose="registration",
                    application__isnull=True,
                    companion_request__isnull=True,
                    registration__isnull=False,
                ),
                name="consent_belongs_to_its_purpose",
                violation_error_message=_("Eine Einwilligung gehört zu genau einem Vorgang."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.text_version})"
