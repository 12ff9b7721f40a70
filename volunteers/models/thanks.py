"""Hours of engagement and certificates."""

import datetime
import hashlib
import secrets
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from programs.models.found_by import found_by

from ..names import NameField
from ..validators import validate_single_line, validate_text
from .applications import OfApplicationQuerySet
from .owned import OwnedQuerySet

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that cannot be confused on paper: no 0, 1, I, L, O, U."""
CODE_LENGTH = 10
"""30 to the power of 10 is 49 bits, too many to find a code by guessing."""
QUARTER = Decimal("0.25")
FULL_DAY = Decimal(24)


def hours_label(hours: Decimal) -> str:
    """The number as German text: „2,5“, „20“."""
    return localize(Decimal(f"{hours.normalize():f}"))


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


class HoursEntryQuerySet(OfApplicationQuerySet["HoursEntry"]):
    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=True)

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def between(self, first: datetime.date, last: datetime.date) -> Self:
        """Both days included."""
        return self.filter(on__range=(first, last))

    def total(self) -> Decimal:
        """All hours together; 0 without an entry."""
        found: Decimal | None = self.aggregate(total=Sum("hours"))["total"]
        return found or Decimal(0)


class HoursEntry(models.Model):
    """Time that somebody gave on one day, in hours (from a quarter of an hour to 24).

    With ``went_well`` it is an entry of the person's diary. A question beside it is a message.
    """

    application = models.ForeignKey(
        "volunteers.Application",
        verbose_name=_("Anmeldung"),
        on_delete=models.CASCADE,
        related_name="hours",
    )
    on = models.DateField(_("Datum"))
    hours = models.DecimalField(
        _("Stunden"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(QUARTER), MaxValueValidator(FULL_DAY)],
        help_text=_("In Viertelstunden: 1,25 sind eine Stunde und 15 Minuten."),
    )
    what = models.CharField(_("Was"), max_length=200, validators=[validate_single_line])
    went_well = models.CharField(
        _("Was gut war"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[validate_text],
        help_text=_("Aus dem Tagebuch der Person; steht in keiner Liste."),
    )
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.PROTECT,
        related_name="hours",
        null=True,
        blank=True,
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingetragen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Leer heißt: von der Person selbst."),
    )
    entered_at = models.DateTimeField(_("eingetragen"), default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("bestätigt von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, blank=True)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = HoursEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stundeneintrag")
        verbose_name_plural = _("Stunden")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["on"], name="hours_on"),
            models.Index(  # what waits, and whose it is
                fields=["on", "id"],
                include=["application"],
                condition=models.Q(confirmed_at__isnull=True),
                name="hours_unconfirmed",
            ),
            found_by("what", name="hours_found_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=0.25, hours__lte=24),
                name="hours_fit_into_a_day",
                violation_error_message=_("Bitte zwischen einer Viertelstunde und 24 Stunden."),
            ),
            models.CheckConstraint(
                condition=Exact(Mod(F("hours"), Value(QUARTER)), Value(Decimal(0))),
                name="hours_in_quarters",
                violation_error_message=_("Bitte in Viertelstunden: 1,25 oder 1,5 oder 1,75."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.hours_label} Std."

    @property
    def hours_label(self) -> str:
        return hours_label(self.hours)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def seen(self) -> str:
        """A hash of the entry's content; it changes with every change of the entry."""
        text = f"{self.on:%Y%m%d}:{self.hours_label}:{self.what}"
        return f"{self.pk}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Competence(models.TextChoices):
    RELIABILITY = "reliability", _("Zuverlässigkeit")
    RESPONSIBILITY = "responsibility", _("Verantwortung übernehmen")
    EMPATHY = "empathy", _("Einfühlungsvermögen")
    PATIENCE = "patience", _("Geduld und Ausdauer")
    COMMUNICATION = "communication", _("Gesprächsführung")
    INTERCULTURAL = "intercultural", _("Interkulturelle Verständigung")
    LANGUAGES = "languages", _("Sprachen vermitteln")
    TEAMWORK = "teamwork", _("Zusammenarbeit im Team")
    ORGANISING = "organising", _("Planen und Organisieren")
    INITIATIVE = "initiative", _("Eigeninitiative")
    CONFLICT = "conflict", _("Umgang mit Konflikten")
    TEACHING = "teaching", _("Anleiten und Lernen begleiten")
    AUTHORITIES = "authorities", _("Umgang mit Behörden")


class CertificateQuerySet(OwnedQuerySet["Certificate"]):
    def valid(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Certificate(models.Model):
    """An issued Engagementnachweis. Its content never changes; it can only be withdrawn.

    The database refuses every change of the text and every second withdrawal (``volunteers/sql/``).
    """

    code = models.CharField(
        _("Prüfcode"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.CASCADE,
        related_name="certificates",
    )
    application = models.ForeignKey(
        "volunteers.Application",
        verbose_name=_("Anmeldung"),
        on_delete=models.SET_NULL,
        related_name="certificates",
        null=True,
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("ausgestellt von"),
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    issuer = models.CharField(
        _("Aussteller"),
        max_length=160,
        editable=False,
        help_text=_("Name der Organisation an dem Tag, an dem sie ausgestellt hat."),
    )
    name = NameField(_("Name"), max_length=120)
    what = models.CharField(
        _("Engagement"),
        max_length=300,
        validators=[validate_single_line],
        help_text=_("Was die Person getan hat, in einem Satz."),
    )
    since = models.DateField(_("von"))
    until = models.DateField(_("bis"))
    hours = models.DecimalField(_("Stunden"), max_digits=7, decimal_places=2, null=True, blank=True)
    competences = ArrayField(
        models.CharField(max_length=14, choices=Competence.choices),
        verbose_name=_("Kompetenzen"),
        default=list,
        blank=True,
    )
    issued_on = models.DateField(_("ausgestellt am"), default=timezone.localdate)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ausgestellt durch"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
    )
    withdrawn_at = models.DateTimeField(_("zurückgezogen"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("Engagementnachweis")
        verbose_name_plural = _("Engagementnachweise")
        ordering = ["-issued_on", "-pk"]
        indexes = [
            models.Index(fields=["issued_on", "id"], name="certificate_by_day"),
            found_by("name", "what", "code", name="certificate_found_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="certificate_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
            models.UniqueConstraint(
                fields=["application", "since", "until"],
                condition=Q(withdrawn_at__isnull=True),
                name="certificate_once_per_period",
                violation_error_message=_("Für diesen Zeitraum gibt es schon einen Nachweis."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.printed_code})"

    @property
    def printed_code(self) -> str:
        """The code as printed: „ABCDE-FGHJK“."""
        return f"{self.code[:5]}-{self.code[5:]}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def hours_label(self) -> str:
        """The hours as text; empty when the certificate does not mention hours."""
        return "" if self.hours is None else hours_label(self.hours)

    @property
    def competence_labels(self) -> list[str]:
        return [str(Competence(value).label) for value in self.competences]
