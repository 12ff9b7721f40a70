"""Short addresses that stand in mails in place of long signed ones."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShortLink(models.Model):
    """Where a short link leads. Without the link itself, which only the mail has, the row opens nothing."""

    digest = models.CharField(_("Prüfwert des Links"), max_length=64, primary_key=True)
    address = models.BinaryField(
        _("Adresse"), help_text=_("Verschlüsselt mit einem Schlüssel, der nur im Link steht.")
    )
    used_on = models.DateField(_("zuletzt geöffnet oder verschickt"), default=timezone.localdate)

    class Meta:
        verbose_name = _("kurzer Link")
        verbose_name_plural = _("kurze Links")
        indexes = [models.Index(fields=["used_on"], name="short_link_used_on")]

    def __str__(self) -> str:
        return self.digest[:8]
