"""One message to many people: its text, and who of those who were chosen gets it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..validators import validate_text
from .owned import OwnedQuerySet


class GroupMessage(models.Model):
    """Written by staff to people whom they chose in a list. Each gets a mail of their own.

    ``text`` holds the placeholders as they were typed. The organisation is the one that wrote.
    """

    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=pgettext_lazy("sender", "von"),
        on_delete=models.CASCADE,
        related_name="group_messages",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("geschrieben von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    text = models.TextField(_("Nachricht"), max_length=4000, validators=[validate_text])
    written_at = models.DateTimeField(_("geschrieben"), auto_now_add=True)

    objects = OwnedQuerySet["GroupMessage"].as_manager()

    class Meta:
        verbose_name = _("Nachricht an viele")
        verbose_name_plural = _("Nachrichten an viele")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.written_at:%d.%m.%Y}: {self.text[:60]}"


class Outcome(models.TextChoices):
    WAITING = "waiting", _("kommt gleich")
    SENT = "sent", _("verschickt")
    NO_ADDRESS = "no_address", _("keine E-Mail-Adresse")
    STOPPED = "stopped", _("möchte solche Mails nicht")
    TWICE = "twice", _("steht zweimal auf der Liste")
    OVER = "over", _("beendet, abgemeldet oder jetzt bei einer anderen Stelle")


class GroupRecipientQuerySet(models.QuerySet["GroupRecipient"]):
    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.WAITING)


class GroupRecipient(models.Model):
    """Somebody who was chosen: by a sign-up, or by the registration for an event."""

    group = models.ForeignKey(
        GroupMessage,
        verbose_name=_("Nachricht an viele"),
        on_delete=models.CASCADE,
        related_name="recipients",
    )
    application = models.ForeignKey(
        "volunteers.Application",
        verbose_name=_("Anmeldung"),
        on_delete=models.CASCADE,
        related_name="group_messages",
        null=True,
        blank=True,
    )
    registration = models.ForeignKey(
        "volunteers.Registration",
        verbose_name=_("Anmeldung zum Termin"),
        on_delete=models.CASCADE,
        related_name="group_messages",
        null=True,
        blank=True,
    )
    outcome = models.CharField(
        pgettext_lazy("how far it is", "Stand"), max_length=10, choices=Outcome.choices
    )

    objects = GroupRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("Empfänger einer Nachricht an viele")
        verbose_name_plural = _("Empfänger einer Nachricht an viele")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(application=None) ^ models.Q(registration=None),
                name="group_recipient_is_one",
            ),
            models.UniqueConstraint(fields=["group", "application"], name="group_application"),
            models.UniqueConstraint(fields=["group", "registration"], name="group_registration"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
