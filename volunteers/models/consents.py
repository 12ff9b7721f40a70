"""Consents: to which version of a text, when given, when withdrawn."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .confirmed import ConfirmedByLink


class ConsentQuerySet(models.QuerySet["Consent"]):
    def give(self, record: ConfirmedByLink, **columns: object) -> "Consent":
        """Store that the person of ``record`` agreed to the present text, now unless ``given_at`` is set."""
        purpose = Consent.Purpose(record.consent_purpose)
        subject = {purpose.value: record}  # the purpose has the name of the foreign key
        return self.create(
            purpose=purpose, text_version=TEXT_VERSIONS[purpose], **subject, **columns
        )

    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def withdraw(self) -> int:
        """Withdraw those that are in force; returns how many."""
        return self.in_force().update(withdrawn_at=timezone.now())


class Consent(models.Model):
    """A person agreed to a purpose: which version of the text, and when (Art. 7 GDPR)."""

    class Purpose(models.TextChoices):
        APPLICATION = "application", _("Bearbeitung der Anmeldung")
        COMPANION_REQUEST = "companion_request", _("Suche nach einer Begleitung")
        REGISTRATION = "registration", _("Teilnahme an einem Termin")

    application = models.ForeignKey(
        "volunteers.Application",
        on_delete=models.CASCADE,
        related_name="consents",
        null=True,
        blank=True,
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

    objects = ConsentQuerySet.as_manager()

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


TEXT_VERSIONS = {
    Consent.Purpose.APPLICATION: "2026-11",
    Consent.Purpose.COMPANION_REQUEST: "2026-11",
    Consent.Purpose.REGISTRATION: "2026-11",
}
"""Version of the text beside each checkbox; change it together with the text."""
