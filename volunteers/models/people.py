"""Volunteers: one record for each person, a name at an address, made when the address is confirmed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from programs.models.entries import Fold
from programs.models.found_by import found_by
from programs.requests import AnyUser
from programs.seeing import viewing

from ..validators import validate_text
from .applications import Application
from .breaks import Breaks
from .identity import ONE_PERSON, PersonKey
from .profile import Profile
from .reading import ReadsMixin


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: AnyUser) -> Self:
        """People who applied to an organisation that ``user`` works for."""
        if user.is_superuser:
            return self
        applications = Application.objects.visible_to(viewing(user, self.model))
        return self.filter(Exists(applications.filter(volunteer=OuterRef("pk"))))


class Volunteer(Breaks, ReadsMixin, Profile):
    """A person who wants to help. Never public."""

    email = models.EmailField(
        _("E-Mail"),
        blank=True,
        help_text=_("Leer heißt: Die Person bekommt keine Mails, nur Anrufe oder Briefe."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="volunteer",
        null=True,
        blank=True,
    )
    about = models.TextField(
        _("Über mich"), blank=True, max_length=2000, validators=[validate_text]
    )
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
        ordering = ["name__folded"]
        indexes = [
            models.Index(fields=["email"], name="volunteer_email"),
            models.Index(fields=["email", "-id"], name="volunteer_in_order"),
            models.Index(Fold("name"), "id", name="volunteer_by_name"),
            models.Index(PersonKey("name"), include=["name"], name="volunteer_same_name"),
            models.Index(fields=["phone"], name="volunteer_phone"),
            models.Index(fields=["preferred_language"], name="volunteer_language"),
            found_by("name", "email", name="volunteer_found_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                *ONE_PERSON,
                condition=~Q(email=""),
                name="volunteer_per_person",
                violation_error_message=_(
                    "Unter dieser Adresse gibt es schon jemanden mit diesem Namen."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name
