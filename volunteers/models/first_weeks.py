"""What a tandem keeps about its first weeks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FirstWeeks(models.Model):
    """Columns of a tandem: whether both have met and who came along, and until when either side may change freely."""

    met_on = models.DateField(
        _("erstes Treffen bekannt seit"), null=True, blank=True, editable=False
    )
    first_meeting_with = models.CharField(
        _("beim ersten Treffen ist dabei"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    accompanied_on = models.DateField(
        _("zweite Person beim ersten Treffen bestätigt"), null=True, blank=True, editable=False
    )
    trial_until = models.DateField(_("Schnupperphase bis"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def comes_along(self) -> str:
        """Who has to come to the first meeting, as long as nobody has confirmed it; else empty."""
        return "" if self.accompanied_on else self.first_meeting_with
