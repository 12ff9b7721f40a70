"""Messages between the person who signed up and the organisation."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..validators import validate_text
from .applications import OfApplicationQuerySet


class MessageQuerySet(OfApplicationQuerySet["Message"]):
    def unhandled(self) -> Self:
        """Messages of people that nobody has answered, the oldest first."""
        return self.filter(sender="applicant", handled_at__isnull=True).order_by("at", "pk")


class Message(models.Model):
    """One message on an application; rows are only ever added.

    ``handled_at`` is the time when somebody answered a person's message, or marked that it needs no
    answer.
    """

    class Sender(models.TextChoices):
        APPLICANT = "applicant", _("angemeldete Person")
        STAFF = "staff", _("Koordination")

    application = models.ForeignKey(
        "volunteers.Application", on_delete=models.CASCADE, related_name="messages"
    )
    sender = models.CharField(pgettext_lazy("sender", "von"), max_length=9, choices=Sender.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    text = models.TextField(_("Nachricht"), max_length=4000, validators=[validate_text])
    at = models.DateTimeField(_("Zeit"), default=timezone.now)
    handled_at = models.DateTimeField(_("erledigt"), null=True, blank=True)
    to_many = models.BooleanField(_("ging an viele"), default=False, db_default=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["application"],
                condition=models.Q(sender="applicant", handled_at__isnull=True),
                name="message_unhandled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sender_display()} ({self.at:%d.%m.%Y})"

    @property
    def is_open(self) -> bool:
        """Whether it is a person's message that nobody has answered; see ``unhandled``."""
        return self.sender == self.Sender.APPLICANT and self.handled_at is None
