"""What came of asking a website that an entry names."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Entry
from programs.models.web import WebAddressField
from programs.requests import AnyUser

PATIENCE = datetime.timedelta(days=6)
"""For this long a website may fail before it counts as dead: it may be under repair."""


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those that entries of the user name."""
        seen = Entry.objects.visible_to(user).exclude(website="")
        return self.filter(url__in=seen.values("website"))

    def dead(self) -> Self:
        """Pages that are gone, and those that have failed at every check for :data:`PATIENCE`."""
        long = timezone.localdate() - PATIENCE
        failing = Q(outcome__in=LinkCheck.FAILING, failing_since__lte=long)
        return self.filter(Q(outcome=LinkCheck.Outcome.GONE) | failing)


class LinkCheck(models.Model):
    """One address, as it was at the last check. The portal writes these rows; no one edits them."""

    class Outcome(models.TextChoices):
        FINE = "fine", _("antwortet")
        SHY = "shy", _("antwortet nur Menschen")
        GONE = "gone", _("Seite gibt es nicht mehr")
        BROKEN = "broken", _("meldet einen Fehler")
        SILENT = "silent", _("nicht erreichbar")
        REFUSED = "refused", _("keine öffentliche Adresse")

    FAILING = (Outcome.BROKEN, Outcome.SILENT, Outcome.REFUSED)

    url = WebAddressField(_("Webseite"), max_length=300, unique=True)
    outcome = models.CharField(_("Ergebnis"), max_length=7, choices=Outcome.choices)
    code = models.PositiveSmallIntegerField(
        _("Antwort"),
        null=True,
        blank=True,
        help_text=_("Die Nummer, mit der der Server antwortet."),
    )
    checked_at = models.DateTimeField(_("geprüft"), default=timezone.now)
    failing_since = models.DateField(_("seit"), null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("geprüfte Webseite")
        verbose_name_plural = _("Webseiten, die nicht antworten")
        ordering = ["failing_since", "url"]

    def __str__(self) -> str:
        return str(self.url)
