"""The outbox: a mail is committed together with the change that it is about, then a job delivers it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        """On their way: neither delivered nor given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def failed(self) -> Self:
        return self.filter(failed_at__isnull=False)

    def that_show_a_dead_address(self, address: str | OuterRef) -> Self:
        """Refused by the mail server, and no mail has reached ``address`` since; the newest first."""
        refused = self.failed().filter(refused_with__isnull=False, reached_at__isnull=True)
        return (
            refused.filter(recipients__contains=[address]).order_by("-failed_at").defer("content")
        )


class OutgoingMail(models.Model):
    """A finished mail that waits for delivery. Delivered ones are deleted by a job."""

    sender = models.CharField(_("Absender"), max_length=320)
    recipients = ArrayField(models.EmailField(), verbose_name=_("Empfänger"))
    subject = models.CharField(_("Betreff"), max_length=998)
    content = models.BinaryField(_("Inhalt (RFC 5322)"))
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    sent_at = models.DateTimeField(_("verschickt"), null=True, blank=True)
    failed_at = models.DateTimeField(
        _("aufgegeben"),
        null=True,
        blank=True,
        help_text=_("Der Mailserver hat sie abgewiesen, oder er war zu lange nicht zu benutzen."),
    )
    refused_with = models.PositiveSmallIntegerField(
        _("Antwort des Mailservers"),
        null=True,
        blank=True,
        help_text=_("Der SMTP-Code; leer, wenn die Adresse nichts dafür kann."),
    )
    reached_at = models.DateTimeField(
        _("Adresse seither erreicht"),
        null=True,
        blank=True,
        help_text=_("Wann eine andere Mail an dieselbe Adresse ankam."),
    )
    forget = models.BooleanField(
        _("nach dem Versand löschen"),
        default=False,
        help_text=_("Die Person hat ihre Daten gelöscht; diese Mail ist das Letzte von ihr."),
    )

    topic = models.CharField(
        _("Vorgang"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_("Was sie mitteilt; wird das gleich wieder anders, geht sie nicht mehr hinaus."),
    )
    was = models.CharField(
        _("Stand davor"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Was die Empfänger noch glauben, bis sie ankommt."),
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("ausgehende Mail")
        verbose_name_plural = _("ausgehende Mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True),
                name="mail_waiting",
            ),
            models.Index(
                fields=["failed_at", "id"],
                condition=models.Q(failed_at__isnull=False),
                name="mail_failed",
            ),
            GinIndex(
                fields=["recipients"],
                condition=models.Q(
                    failed_at__isnull=False, reached_at__isnull=True, refused_with__isnull=False
                ),
                name="mail_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or gettext("ohne Betreff")
