"""Pictures that other sites show when somebody shares a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharePicture(models.Model):
    """A picture, known by a digest of all that it shows, so it is never out of date.

    It belongs to no record: an entry shows the picture that has its digest (``shown.py``). A job draws
    what is missing and deletes what nothing shows any longer (``keeping.py``).
    """

    digest = models.CharField(max_length=16, primary_key=True)
    png = models.BinaryField(_("Bild"))

    class Meta:
        verbose_name = _("Bild zum Teilen")
        verbose_name_plural = _("Bilder zum Teilen")

    def __str__(self) -> str:
        return self.digest
