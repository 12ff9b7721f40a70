"""What people have agreed to show of themselves: since when, how, and who has entered it."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

HOW = _("Zum Beispiel „schriftlich, das Blatt liegt bei der Koordination“.")


def validate_past(day: datetime.date) -> None:
    """Nobody has agreed tomorrow."""
    if day > timezone.localdate():
        raise ValidationError(__("Dieser Tag liegt in der Zukunft."), code="future")


class Shown(models.Model):
    """Something that shows a person in public, and who has entered that the person agrees."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Einwilligung eingetragen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)

    class Meta:
        abstract = True


class Agreed(Shown):
    """With the consent of the person (Art. 7 GDPR). The paper itself stays with those who keep it."""

    agreed_on = models.DateField(_("Einwilligung seit"), validators=[validate_past])
    agreed_how = models.CharField(_("Wie, und wer sie verwahrt"), max_length=160, help_text=HOW)

    class Meta:
        abstract = True
