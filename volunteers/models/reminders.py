"""The record of the mails that the portal sends on its own, so that each is sent once."""

import datetime
from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

ENTRIES_ASKED = "organisation.entries"
"""``purpose`` of „Stimmt Ihr Eintrag noch?“ to one organisation."""
COUNSELLING_DUE, COUNSELLING_LATE = "counselling.due", "counselling.late"
"""``purpose`` of the row for each request for counselling that a mail has announced: before its day, and after it."""
COUNSELLING_COLLECTED = "office.counselling_due"
"""``purpose`` of the row for each such mail: one for each department and day."""


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def take(self, purpose: str, subject: int, due_on: datetime.date) -> bool:
        """Claim a reminder; False when it was claimed before. Call it in the mail's transaction.

        If two workers try at the same time, the second waits here until the first has committed.
        """
        _, created = self.get_or_create(purpose=purpose, subject=subject, due_on=due_on)
        return created

    def not_taken(
        self, purpose: str, dues: "Collection[tuple[int, datetime.date]]"
    ) -> list[tuple[int, datetime.date]]:
        """Those of ``dues`` (primary key, date) that are not claimed yet; one query."""
        rows = self.filter(purpose=purpose, subject__in=[subject for subject, _ in dues])
        taken = set(rows.values_list("subject", "due_on"))
        return [due for due in dues if due not in taken]


class Reminder(models.Model):
    """One reminder was sent: its purpose, the row it is about, and the date it was due.

    Inserted in the same transaction as the mail. The unique constraint makes sure that a reminder
    is sent once, however many workers run and however often one is killed
    (``volunteers/reminders``).
    """

    purpose = models.CharField(_("Zweck"), max_length=40)
    subject = models.BigIntegerField(_("Datensatz"))
    due_on = models.DateField(_("fällig am"))
    sent_at = models.DateTimeField(_("verschickt"), auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

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
