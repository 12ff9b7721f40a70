"""Which signed certificates no longer count, after their records are gone, too."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def digest_of(printed_code: str) -> str:
    """SHA-256 of the code as printed: ``printf ABCDE-FGHJK | sha256sum``."""
    return hashlib.sha256(printed_code.encode()).hexdigest()


class WithdrawnCode(models.Model):
    """Published for everybody (``volunteers/views/signed.py``): a hash and a day, nothing about a person."""

    digest = models.CharField(_("Prüfsumme des Codes"), max_length=64, unique=True)
    on = models.DateField(_("zurückgezogen am"), default=timezone.localdate)

    class Meta:
        verbose_name = _("zurückgezogener Code")
        verbose_name_plural = _("zurückgezogene Codes")
        ordering = ["on", "digest"]

    def __str__(self) -> str:
        return self.digest
