"""What volunteers say about new tandems for the time being."""

import datetime

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Breaks(models.Model):
    """Columns of a volunteer: a break until a day, and how many more tandems there shall be."""

    break_until = models.DateField(
        _("Pause bis einschließlich"), null=True, blank=True, editable=False
    )
    more_tandems = models.PositiveSmallIntegerField(
        _("so viele Tandems noch"),
        null=True,
        blank=True,
        editable=False,
        validators=[MaxValueValidator(5)],
    )

    class Meta:
        abstract = True

    @property
    def rests_until(self) -> datetime.date | None:
        """The last day of a break that is not over."""
        until = self.break_until
        return until if until and timezone.localdate() <= until else None
