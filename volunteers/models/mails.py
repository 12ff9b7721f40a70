"""The outbox: a mail is committed together with the change that it is about, then a job delivers it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """A finished mail that waits for delivery. Delivered ones are deleted by a job."""

    sender = models.CharField(_("Absender"), max_length=320)
    recipients = ArrayField(models.EmailField(), verbose_name=_("Empfänger"))
    subject = models.CharField(_("Betreff"), max_length=998)
    content = models.BinaryField(_("Inhalt (RFC 5322)"))
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    sent_at = models.DateTimeField(_("verschickt"), null=True, blank=True)
    forget = models.BooleanField(
        _("nach dem Versand löschen"),
        default=False,
        help_text=_("Die Person hat ihre Daten gelöscht; diese Mail ist das Letzte von ihr."),
    )

    class Meta:
        verbose_name = _("ausgehende Mail")
        verbose_name_plural = _("ausgehende Mails")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.subject
