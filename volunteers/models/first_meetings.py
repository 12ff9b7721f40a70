"""„Haben Sie sich schon getroffen?“ and „Passt es?“: what each side of a tandem says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .companions import Answer, Side, Tandem
from .owned import CityOwnedQuerySet


class FirstMeetingQuerySet(CityOwnedQuerySet["FirstMeeting"]):
    owner = "tandem__organisation"


class Fit(models.TextChoices):
    FITS = "fits", _("passt")
    OPEN = "open", _("noch offen")
    NO = "no_fit", _("passt nicht")


class FirstMeeting(models.Model):
    """What one side said about the first meeting. The other side never sees it."""

    tandem = models.ForeignKey(
        Tandem, verbose_name=_("Tandem"), on_delete=models.CASCADE, related_name="first_meetings"
    )
    side = models.CharField(_("wer"), max_length=9, choices=Side.choices)
    met = models.CharField(_("getroffen"), max_length=3, choices=Answer.choices, blank=True)
    met_at = models.DateTimeField(_("dazu geantwortet"), null=True, blank=True)
    fit = models.CharField(_("passt es"), max_length=6, choices=Fit.choices, blank=True)
    fit_at = models.DateTimeField(_("gesagt"), null=True, blank=True)

    objects = FirstMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Antwort zum ersten Treffen")
        verbose_name_plural = _("Antworten zum ersten Treffen")
        ordering = ["tandem", "side"]
        constraints = [
            models.UniqueConstraint(fields=["tandem", "side"], name="first_meeting_of_one_side")
        ]

    def __str__(self) -> str:
        return self.get_side_display()
