"""What a tandem keeps about its first weeks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FirstWeeks(models.Model):
    """Columns of a tandem: whether both have met, and until when either side may change freely."""

    met_on = models.DateField(
        _("erstes Treffen bekannt seit"), null=True, blank=True, editable=False
    )
    trial_until = models.DateField(_("Schnupperphase bis"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
