"""„Wie läuft es?“: what both sides of a tandem are asked, and what they answer."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..validators import validate_text
from .companions import Side, Tandem
from .owned import CityOwnedQuerySet


class CheckInQuerySet(CityOwnedQuerySet["CheckIn"]):
    owner = "tandem__organisation"


class CheckIn(models.Model):
    """„Wie läuft es?“, asked of one side for one day. The insert of the row decides that the mail is sent, once."""

    class Reply(models.TextChoices):
        GOOD = "good", _("läuft gut")
        SUPPORT = "support", _("brauchen Unterstützung")
        OVER = "over", _("ist zu Ende")

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="check_ins")
    side = models.CharField(_("wer"), max_length=9, choices=Side.choices)
    due_on = models.DateField(_("fällig am"))
    sent_at = models.DateTimeField(_("gefragt"), default=timezone.now)
    reply = models.CharField(_("Antwort"), max_length=7, choices=Reply.choices, blank=True)
    replied_at = models.DateTimeField(_("geantwortet"), null=True, blank=True)
    note = models.CharField(_("Notiz"), max_length=1000, blank=True, validators=[validate_text])

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rückfrage")
        verbose_name_plural = _("Rückfragen")
        ordering = ["due_on", "side"]
        constraints = [
            models.UniqueConstraint(fields=["tandem", "side", "due_on"], name="check_in_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()}, {self.due_on:%d.%m.%Y}"
