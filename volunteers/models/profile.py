"""What somebody tells about themselves; applications and volunteers share it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.choices import (
    ScheduleMixin,
    SpeaksMixin,
    dayparts_field,
    languages_field,
    weekdays_field,
)

from ..validators import validate_single_line


class Gender(models.TextChoices):
    """Asked only so that somebody's wish for a woman or a man can be kept."""

    WOMAN = "woman", _("Frau")
    MAN = "man", _("Mann")
    DIVERSE = "diverse", _("divers")


class Profile(SpeaksMixin, ScheduleMixin, models.Model):
    """What somebody says about themselves; only the name is needed."""

    name = models.CharField(_("Name"), max_length=120, validators=[validate_single_line])
    phone = models.CharField(
        _("Telefon"), max_length=40, blank=True, validators=[validate_single_line]
    )
    languages = languages_field(_("Sprachen"))
    weekdays = weekdays_field()
    dayparts = dayparts_field()
    gender = models.CharField(
        _("Geschlecht"),
        max_length=7,
        choices=Gender.choices,
        blank=True,
        help_text=_("Freiwillig; nur für Menschen, die sich eine Frau oder einen Mann wünschen."),
    )
    tandem_limit = models.PositiveSmallIntegerField(
        _("Tandems zur gleichen Zeit"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Wie viele Menschen jemand zugleich begleiten möchte, 1 bis 5."),
    )
    districts = models.ManyToManyField(
        "programs.District", verbose_name=_("Stadtbezirke"), related_name="%(class)ss", blank=True
    )
    fields = models.ManyToManyField(
        "programs.Field", verbose_name=_("Engagementfelder"), related_name="%(class)ss", blank=True
    )

    class Meta:
        abstract = True
