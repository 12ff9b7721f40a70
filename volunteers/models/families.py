"""Requests for a child, and for somebody whom a teacher, a social worker or a shelter looks after.

Name, address and number of a request are always those of the person who may say yes: of the guardian,
if it is for a child. So every mail and every contact goes through the guardian, and the portal keeps
nothing of a child but a first name and a band of age.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..names import NameField
from ..validators import validate_single_line, validate_text
from .identity import ONE_PERSON
from .reading import ReadsMixin


class For(models.TextChoices):
    """Whom somebody asks for."""

    SELF = "self", _("für mich")
    CHILD = "child", _("für mein Kind")
    CARED = "cared", _("für jemanden, den ich betreue")


class ChildAge(models.TextChoices):
    SMALL = "0-5", _("unter 6 Jahre")
    PRIMARY = "6-9", _("6 bis 9 Jahre")
    MIDDLE = "10-13", _("10 bis 13 Jahre")
    YOUTH = "14-17", _("14 bis 17 Jahre")


class Companions(models.IntegerChoices):
    """How many companions are wished at the same time."""

    ONE = 1, _("eine")
    UP_TO_THREE = 3, _("bis zu drei, zum Beispiel für eine Familie oder Gruppe")


MOST_PEOPLE = 30
"""A family or a group for whom one request looks for company."""
HAS_A_SAY = ChildAge.YOUTH
"""From this band on the child agrees, too, in its own words."""


class AgreedHow(models.TextChoices):
    LINK = "link", _("über den Link")
    PAPER = "paper", _("auf Papier")


class Asker(ReadsMixin):
    """Somebody who asks on behalf of others. Sees how far each request is, and nothing else of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"))
    place = models.CharField(
        _("Schule, Unterkunft oder Stelle"),
        max_length=120,
        blank=True,
        validators=[validate_single_line],
    )
    asked_at = models.DateTimeField(_("zuerst gefragt"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    class Meta:
        verbose_name = _("Anfragende Stelle")
        verbose_name_plural = _("Anfragende Stellen")
        constraints = [
            models.UniqueConstraint(
                *ONE_PERSON,
                name="asker_per_person",
                violation_error_message=_("Unter dieser Adresse gibt es schon diesen Namen."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.place})" if self.place else self.name


class AskedFor(models.Model):
    """Columns of a request: for whom, who asked, and who agreed when and how."""

    asked_for = models.CharField(
        _("Für wen"), max_length=5, choices=For.choices, default=For.SELF, db_default=For.SELF.value
    )
    child_name = NameField(
        _("Vorname des Kindes"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Nur, wenn die Suche für ein Kind oder für Jugendliche ist. Name, E-Mail und Telefon sind dann "
            "die von Mutter, Vater oder wer sonst die Sorge hat."
        ),
    )
    child_age = models.CharField(
        _("Alter des Kindes"),
        max_length=5,
        choices=ChildAge.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Nie ein Geburtsdatum."),
    )
    people = models.PositiveSmallIntegerField(
        _("Für wie viele Menschen"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text=_("Mehr als einer: eine Familie oder eine Gruppe."),
    )
    companions = models.PositiveSmallIntegerField(
        _("Wie viele Begleitungen"),
        choices=Companions.choices,
        default=Companions.ONE,
        db_default=Companions.ONE.value,
        help_text=_("So viele zur selben Zeit; vorgeschlagen wird eine nach der anderen."),
    )
    asker = models.ForeignKey(
        Asker,
        verbose_name=_("gefragt von"),
        on_delete=models.SET_NULL,
        related_name="requests",
        null=True,
        blank=True,
        editable=False,
    )
    tell_asker = models.BooleanField(
        _("wer fragte, erfährt den Beginn"), default=False, db_default=False, editable=False
    )
    agreed_name = NameField(
        _("eingewilligt hat"), max_length=120, blank=True, default="", db_default="", editable=False
    )
    agreed_at = models.DateTimeField(_("eingewilligt"), null=True, blank=True, editable=False)
    agreed_how = models.CharField(
        _("wie eingewilligt"),
        max_length=5,
        choices=AgreedHow.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    agreed_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("vermerkt von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    child_words = models.TextField(
        _("Was das Kind dazu sagt"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
        validators=[validate_text],
    )

    name: "models.CharField[str, str]"

    class Meta:
        abstract = True

    @property
    def is_for_child(self) -> bool:
        return bool(self.child_age)

    @property
    def who_is_meant(self) -> str:
        """The first name of whoever gets the companion."""
        return self.child_name or self.name

    @property
    def child_has_a_say(self) -> bool:
        return self.child_age == HAS_A_SAY

    @property
    def has_agreed(self) -> bool:
        return self.agreed_at is not None
