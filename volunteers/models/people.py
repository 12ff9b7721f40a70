"""Volunteers: one record a person, made when the mail address is confirmed."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from programs.models.choices import (
    ScheduleMixin,
    SpeaksMixin,
    dayparts_field,
    languages_field,
    weekdays_field,
)

from ..validators import validate_single_line

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


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


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: "AbstractBaseUser | AnonymousUser") -> Self:
        """People who turned to an organisation that ``user`` works for."""
        from .applications import Application

        if getattr(user, "is_superuser", False):
            return self
        applications = Application.objects.visible_to(user).filter(volunteer=OuterRef("pk"))
        return self.filter(Exists(applications))


class Volunteer(Profile):
    """A person who wants to help. Never public."""

    email = models.EmailField(_("E-Mail"), unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="volunteer",
        null=True,
        blank=True,
    )
    about = models.TextField(_("Über mich"), blank=True, max_length=2000)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)
    asked_to_stay_at = models.DateTimeField(
        _("gefragt, ob die Daten bleiben sollen"), null=True, blank=True, editable=False
    )
    stayed_at = models.DateTimeField(
        _("darauf mit Ja geantwortet"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Engagierte Person")
        verbose_name_plural = _("Engagierte")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
