"""The ledger of what the portal sent by itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """That one reminder went out: what for, about which row, for which date.

    Written in the transaction that writes the mail. The unique constraint is what makes a reminder
    go out once, however many workers run and however often one is killed
    (``volunteers/reminders``).
    """

    purpose = models.CharField(_("Zweck"), max_length=40)
    subject = models.BigIntegerField(_("Datensatz"))
    due_on = models.DateField(_("fällig am"))
    sent_at = models.DateTimeField(_("verschickt"), auto_now_add=True)

    class Meta:
        verbose_name = _("Erinnerung")
        verbose_name_plural = _("Erinnerungen")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject", "due_on"], name="reminder_goes_out_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject} ({self.due_on})"
