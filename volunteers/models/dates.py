"""„Begleitung zu einem Termin“: somebody is wanted once, on a date; and who was asked for it."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models.choices import Language
from programs.requests import AnyUser

from ..names import NameField
from ..periods import over_before
from ..validators import validate_single_line, validate_text
from .confirmed import ConfirmedByLink, link_is_over
from .identity import PersonKey
from .owned import is_at_clearing_office


class DateStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    OPEN = "open", _("offen")
    TAKEN = "taken", _("jemand kommt")
    DONE = "done", _("vorbei")
    LAPSED = "lapsed", _("niemand gefunden")
    CANCELLED = "cancelled", _("abgesagt")


OVER = (DateStatus.DONE, DateStatus.LAPSED, DateStatus.CANCELLED)
WITH_SOMEBODY = (DateStatus.TAKEN, DateStatus.DONE)


def talk_is_over() -> datetime.datetime:
    """Who asked for a date before this moment, and who came, write to each other no more."""
    return timezone.now() - datetime.timedelta(days=settings.DATE_MESSAGES_DAYS)


def _soon() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=settings.DATE_URGENT_HOURS)


class DateRequestQuerySet(models.QuerySet["DateRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed ones, for those who work for the clearing office, as long as they may be kept."""
        if user.is_superuser:
            return self.exclude(status=DateStatus.UNCONFIRMED)
        if not is_at_clearing_office(user, self.model):
            return self.none()
        limit = over_before(settings.KEEP_DATES_MONTHS)
        return self.exclude(status=DateStatus.UNCONFIRMED).filter(starts_at__gte=limit)

    def urgent(self) -> Self:
        """Those that look for people in a hurry, see ``DateRequest.is_urgent``."""
        return self.filter(status=DateStatus.OPEN, starts_at__lt=_soon())

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works, or whose date is over."""
        past = Q(starts_at__lt=timezone.now())
        return self.filter(link_is_over() | past, status=DateStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Those whose retention period is over."""
        return self.filter(starts_at__lt=over_before(settings.KEEP_DATES_MONTHS))


class DateRequest(ConfirmedByLink):
    """One date for which somebody is wanted. ``place``, ``name`` and ``phone`` see only the Sozialamt and who comes.

    An interpreter speaks ``language`` and ``to_language``; a companion speaks ``language``. It looks for
    people by itself (``services/date_waves.py``); the clearing office looks after it.
    """

    Status = DateStatus

    class Kind(models.TextChoices):
        COMPANY = "company", _("Begleitung")
        INTERPRETING = "interpreting", _("Sprachmittlung")

    class Asker(models.TextChoices):
        ONESELF = "oneself", _("für mich oder meine Familie")
        SHELTER = "shelter", _("für eine Unterkunft")
        OFFICE = "office", _("für ein Amt, eine Schule, eine Beratung")

    class Topic(models.TextChoices):
        OFFICE = "office", _("Amt oder Behörde")
        SCHOOL = "school", _("Schule oder Kita")
        FLAT = "flat", _("Wohnung")
        WORK = "work", _("Arbeit, Ausbildung, Sprachkurs")
        ADVICE = "advice", _("Beratung")
        CITY = "city", _("Wege in der Stadt, Einkauf")
        OTHER = "other", _("etwas anderes")

    class Minutes(models.IntegerChoices):
        HALF = 30, _("eine halbe Stunde")
        ONE = 60, _("eine Stunde")
        TWO = 120, _("zwei Stunden")
        THREE = 180, _("drei Stunden")
        FOUR = 240, _("vier Stunden")

    class Outcome(models.TextChoices):
        HAPPENED = "happened", _("hat stattgefunden")
        FELL_THROUGH = "fell_through", _("ist ausgefallen")
        PROBLEM = "problem", _("es gab ein Problem")

    status = models.CharField(
        _("Status"), max_length=11, choices=DateStatus.choices, default=DateStatus.UNCONFIRMED
    )
    kind = models.CharField(_("Was"), max_length=12, choices=Kind.choices)
    asker = models.CharField(_("Für wen"), max_length=7, choices=Asker.choices)
    topic = models.CharField(_("Worum geht es"), max_length=6, choices=Topic.choices)
    language = models.CharField(_("Sprache"), max_length=3, choices=Language.choices)
    to_language = models.CharField(
        _("zweite Sprache"), max_length=3, choices=Language.choices, blank=True
    )
    starts_at = models.DateTimeField(_("Beginn"))
    minutes = models.PositiveSmallIntegerField(_("Dauer"), choices=Minutes.choices)
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.PROTECT,
        related_name="date_requests",
    )
    place = models.CharField(_("Ort"), max_length=200, validators=[validate_single_line])
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"))
    phone = models.CharField(
        _("Telefon"), max_length=40, blank=True, validators=[validate_single_line]
    )
    companion = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Es kommt"),
        on_delete=models.SET_NULL,
        related_name="dates",
        null=True,
        blank=True,
    )
    shares_phone = models.BooleanField(_("Telefon weitergegeben"), default=False)
    next_wave_at = models.DateTimeField(_("nächste Runde"), null=True, blank=True)
    outcome = models.CharField(_("Wie es war"), max_length=12, choices=Outcome.choices, blank=True)
    replied_at = models.DateTimeField(_("Antwort vom"), null=True, blank=True)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = DateRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Begleitung zu einem Termin")
        verbose_name_plural = _("Begleitungen zu einem Termin")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="date_worklist"),
            models.Index(fields=["starts_at", "id"], name="date_by_time"),
            models.Index(fields=["email"], name="date_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("email"),
                PersonKey("name"),
                F("starts_at"),
                F("language"),
                condition=Q(status__in=["unconfirmed", "open", "taken"]),
                name="date_once_per_person",
                violation_error_message=_("Für diesen Termin suchen wir schon."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="interpreting") | ~Q(to_language__in=["", F("language")]),
                name="date_between_two_languages",
                violation_error_message=_("Bitte wählen Sie zwei verschiedene Sprachen."),
            ),
        ]

    def __str__(self) -> str:
        local = timezone.localtime(self.starts_at)
        return f"{self.get_kind_display()}, {local:%d.%m.%Y, %H:%M}"

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def may_be_talked_about(self) -> bool:
        """Whether who asks and who comes may write to each other: while somebody comes, and shortly after."""
        if self.companion_id is None or self.status not in WITH_SOMEBODY:
            return False
        return self.starts_at > talk_is_over()

    @property
    def has_begun(self) -> bool:
        return self.starts_at < timezone.now()

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def is_urgent(self) -> bool:
        """So soon that it looks for people in a hurry."""
        return self.status == DateStatus.OPEN and self.starts_at < _soon()

    @property
    def needed_languages(self) -> list[str]:
        return [one for one in (self.language, self.to_language) if one]

    @property
    def languages_label(self) -> str:
        if not self.to_language:
            return str(self.get_language_display())
        return f"{self.get_language_display()} – {self.get_to_language_display()}"


class DateOffer(models.Model):
    """A volunteer was asked for a date, by mail; once, whatever happens."""

    date = models.ForeignKey(
        DateRequest,
        verbose_name=pgettext_lazy("an appointment", "Termin"),
        on_delete=models.CASCADE,
        related_name="offers",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.CASCADE,
        related_name="date_offers",
    )
    offered_at = models.DateTimeField(_("gefragt"), default=timezone.now)
    gave_back_at = models.DateTimeField(_("abgesagt"), null=True, blank=True)

    class Meta:
        verbose_name = _("Anfrage für einen Termin")
        verbose_name_plural = _("Anfragen für Termine")
        ordering = ["offered_at", "pk"]
        indexes = [models.Index(fields=["volunteer", "offered_at"], name="date_offer_week")]
        constraints = [
            models.UniqueConstraint(fields=["date", "volunteer"], name="date_offered_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class DateMessageQuerySet(models.QuerySet["DateMessage"]):
    def over(self) -> Self:
        """Those of dates about which nobody may write any more."""
        return self.filter(date__starts_at__lt=talk_is_over())


class DateMessage(models.Model):
    """One message between who asks for a date and who comes. Nobody else reads it.

    Messages go when the date is given back or cancelled, and ``DATE_MESSAGES_DAYS`` after it.
    """

    class Sender(models.TextChoices):
        ASKER = "asker", _("wer um Begleitung bittet")
        COMPANION = "companion", _("wer mitkommt")

    date = models.ForeignKey(
        DateRequest,
        verbose_name=pgettext_lazy("an appointment", "Termin"),
        on_delete=models.CASCADE,
        related_name="messages",
    )
    sender = models.CharField(pgettext_lazy("sender", "von"), max_length=9, choices=Sender.choices)
    text = models.TextField(_("Nachricht"), max_length=4000, validators=[validate_text])
    at = models.DateTimeField(_("Zeit"), default=timezone.now)

    objects = DateMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nachricht zu einem Termin")
        verbose_name_plural = _("Nachrichten zu Terminen")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_sender_display()} ({self.at:%d.%m.%Y})"
