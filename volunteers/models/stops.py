"""Mails that a mailbox does not want any more."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """Mails that people may stop; all others say what has happened, or what somebody has to know."""

    INVITATION = "einladungen", _("Einladungen zu Veranstaltungen")
    EVENT_REMINDER = "termine", _("Erinnerungen an Termine")
    QUALIFICATION = "qualifikationen", _("Erinnerungen an Qualifikationen, die ablaufen")
    CONTACT_QUESTION = "antworten", _("Fragen, ob sich jemand gemeldet hat")
    DATE = "einzeltermine", _("Anfragen, ob Sie zu einem einzelnen Termin mitkommen")
    GROUP = "rundschreiben", _("Nachrichten an viele zugleich")
    CHECK_IN = "tandems", _("Fragen, wie es im Tandem läuft")


class MailStop(models.Model):
    """One kind of mail that one mailbox does not want; of both only a keyed hash is stored."""

    key = models.CharField(_("Prüfwert"), max_length=64, primary_key=True)
    used_on = models.DateField(_("zuletzt gebraucht"), default=timezone.localdate)

    class Meta:
        verbose_name = _("abbestellte Mails")
        verbose_name_plural = _("abbestellte Mails")
        indexes = [models.Index(fields=["used_on"], name="mail_stop_used_on")]

    def __str__(self) -> str:
        return self.key[:8]
