"""The security log, which has no content, and the counts of the rate limits, which have no addresses."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.found_by import found_by


class SecurityEvent(models.Model):
    """An event that matters for security; never what was typed, read or sent.

    ``about`` names a record by kind and number („membership 17“): this is still meaningful when the
    record is deleted, and tells nothing about a person. Kept for ``SECURITY_LOG_DAYS`` days.
    """

    class Kind(models.TextChoices):
        LOGIN = "login", _("Anmeldung")
        LOGIN_FAILED = "login_failed", _("Anmeldung misslungen")
        LOGOUT = "logout", _("Abmeldung")
        SECOND_FACTOR_SET = "second_factor_set", _("zweiter Faktor eingerichtet")
        SECOND_FACTOR_REMOVED = "second_factor_removed", _("zweiter Faktor entfernt")
        SECOND_FACTOR_FAILED = "second_factor_failed", _("zweiter Faktor misslungen")
        RECOVERY_CODES = "recovery_codes", _("neue Ersatzcodes")
        PASSWORD_CHANGED = "password_changed", _("Passwort geändert")
        INVITED = "invited", _("Einladung verschickt")
        ROLE_GIVEN = "role_given", _("Rolle vergeben")
        ROLE_CHANGED = "role_changed", _("Rolle geändert")
        ROLE_ENDED = "role_ended", _("Rolle beendet")
        EXPORT = "export", _("Liste exportiert")
        DATA_DOWNLOADED = "data_downloaded", _("eigene Daten heruntergeladen")
        ADDRESS_CHANGED = "address_changed", _("eigene E-Mail-Adresse geändert")
        MERGED = "merged", _("Einträge einer Person zusammengeführt")
        DELETION = "deletion", _("Daten einer Person gelöscht")
        LIMITED = "limited", _("zu viele Versuche")

    kind = models.CharField(_("Ereignis"), max_length=21, choices=Kind.choices)
    at = models.DateTimeField(_("Zeit"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    about = models.CharField(_("betrifft"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("Sicherheitsereignis")
        verbose_name_plural = _("Sicherheitsereignisse")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at"], name="security_event_at"),
            models.Index(fields=["kind", "at"], name="security_event_kind"),
            found_by("about", name="security_event_found_by"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%d.%m.%Y})"


class RateCount(models.Model):
    """How often one address, or one target, made an attempt in one time window.

    ``key`` is a keyed hash of what is counted, so no address can be read from it. All processes
    count in the same row (``volunteers/guard/limits.py``).
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("gezählte Versuche")
        verbose_name_plural = _("gezählte Versuche")

    def __str__(self) -> str:
        return f"{self.count} ({self.until:%d.%m.%Y %H:%M})"
