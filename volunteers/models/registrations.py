"""Registrations for events."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Event
from programs.models.found_by import found_by
from programs.requests import AnyUser

from ..names import NameField
from ..periods import over_before
from ..validators import validate_text
from .confirmed import ConfirmedByLink, link_is_over
from .consents import Consent
from .identity import ONE_PERSON
from .owned import OwnedQuerySet


class RegistrationStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    INVITED = "invited", _("eingeladen")
    REGISTERED = "registered", _("angemeldet")
    WAITING = "waiting", _("auf der Warteliste")
    OFFERED = "offered", _("Platz angeboten")
    LAPSED = "lapsed", _("Angebot verfallen")
    CANCELLED = "cancelled", _("abgemeldet")


HOLDS_A_SEAT = (RegistrationStatus.REGISTERED, RegistrationStatus.OFFERED)
"""An offered seat is held until the offer lapses, so that nobody else gets it."""
IS_ON = (*HOLDS_A_SEAT, RegistrationStatus.WAITING)
"""People on the list: they want to come, so they get mails about changes."""
MAY_BE_CALLED_OFF = (*IS_ON, RegistrationStatus.INVITED)
MAY_JOIN = (RegistrationStatus.INVITED, RegistrationStatus.LAPSED, RegistrationStatus.CANCELLED)
"""People who may still say yes; who has cancelled may change their mind."""
ANSWERED = (*IS_ON, RegistrationStatus.LAPSED, RegistrationStatus.CANCELLED)
"""What figures count: somebody has registered, or answered an invitation."""
OVER = (RegistrationStatus.LAPSED, RegistrationStatus.CANCELLED)
EVENT_REMINDER = "event"
"""The ``purpose`` of reminders before an event."""
EVENT_INVITATION = "event.invitation"
"""The ``purpose`` of the mail that invites to one."""
EVENT_AGAIN = "event.again"
"""The ``purpose`` of the mail that asks shortly before whether the person will come."""


def takes_arrivals(event: Event) -> bool:
    """From ``ARRIVAL_MINUTES`` before the event until it ends."""
    opens = event.starts_at - datetime.timedelta(minutes=settings.ARRIVAL_MINUTES)
    is_on = event.is_published and not event.is_cancelled
    return is_on and opens <= timezone.now() <= event.ends_at


class RegistrationQuerySet(OwnedQuerySet["Registration"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed ones of the organisations that ``user`` works for, as long as they may be kept."""
        seen = super().visible_to(user).exclude(status=RegistrationStatus.UNCONFIRMED)
        if user.is_superuser:
            return seen
        limit = over_before(settings.KEEP_REGISTRATIONS_MONTHS)
        return seen.filter(event__ends_at__gte=limit)

    def holding_a_seat(self) -> Self:
        return self.filter(status__in=HOLDS_A_SEAT)

    def waiting(self) -> Self:
        """Those who wait, the longest first."""
        return self.filter(status=RegistrationStatus.WAITING).order_by("confirmed_at", "pk")

    def unanswered(self) -> Self:
        """Invited people who have said neither yes nor no."""
        return self.filter(status=RegistrationStatus.INVITED)

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works, or whose event has begun."""
        late = link_is_over() | Q(event__starts_at__lt=timezone.now())
        return self.filter(late, status=RegistrationStatus.UNCONFIRMED)

    def lapsing(self) -> Self:
        """Offers that have expired."""
        return self.filter(status=RegistrationStatus.OFFERED, offer_until__lte=timezone.now())


class Registration(ConfirmedByLink):
    """One person's place at an event, on its waiting list, or the invitation to it.

    ``organisation`` keeps the list: the one that invites, or the one that answers for it. Until an
    invited person has answered, it is the one that knows the person.
    ``revision`` counts the changes to the registration; with the event's own number it gives the
    SEQUENCE of the calendar entry.
    """

    Status = RegistrationStatus
    consent_purpose = Consent.Purpose.REGISTRATION

    event = models.ForeignKey(
        "programs.Event",
        verbose_name=_("Termin"),
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("betreut von"),
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.SET_NULL,
        related_name="registrations",
        null=True,
        blank=True,
        editable=False,
    )
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(
        _("E-Mail"),
        blank=True,
        help_text=_(
            "Leer heißt: Die Person bekommt keine Mails; bitte sagen Sie ihr selbst Bescheid."
        ),
    )
    note = models.CharField(
        _("Hinweis"),
        max_length=300,
        blank=True,
        validators=[validate_text],
        help_text=_("Was wir vorbereiten sollen, zum Beispiel Kinderbetreuung oder Dolmetschen."),
    )
    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.UNCONFIRMED,
    )
    attended = models.BooleanField(_("teilgenommen"), null=True, blank=True)
    invited_at = models.DateTimeField(_("eingeladen"), null=True, blank=True, editable=False)
    checked_in_at = models.DateTimeField(
        _("hat sich am Eingang eingetragen"), null=True, blank=True, editable=False
    )
    reconfirmed_at = models.DateTimeField(
        _("kurz vorher bestätigt"), null=True, blank=True, editable=False
    )
    offer_until = models.DateTimeField(_("Platz gehalten bis"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    told_facts = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Teilnahme")
        verbose_name_plural = _("Teilnahmen")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(  # free places, and what „Auswertung“ counts of the events of a year
                fields=["event", "status", "attended", "organisation"],
                name="registration_outcomes",
            ),
            models.Index(fields=["organisation", "event"], name="registration_lists"),
            models.Index(fields=["email"], name="registration_email"),
            models.Index(fields=["attended"], name="registration_attended"),
            models.Index(fields=["preferred_language"], name="registration_language"),
            found_by("name", "email", name="registration_found_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                "event",
                *ONE_PERSON,
                name="registration_per_person_and_event",
                violation_error_message=_("Diese Person ist für den Termin schon angemeldet."),
            ),
            models.CheckConstraint(
                condition=Q(status="unconfirmed") | Q(confirmed_at__isnull=False),
                name="registration_confirmed_before_place",
                violation_error_message=_("Die Anmeldung zum Termin ist noch nicht bestätigt."),
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offer_until__isnull=False),
                name="registration_offer_has_an_end",
                violation_error_message=_("Ein Angebot braucht eine Frist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.event}"

    @property
    def sequence(self) -> int:
        """SEQUENCE of the calendar entry (RFC 5545, 3.8.7.4): grows when the registration or the event changes."""
        return self.event.sequence + self.revision

    @property
    def knows_the_facts(self) -> bool:
        """Whether the last mail to the person said of the event what still holds."""
        return self.told_facts == self.event.facts_digest

    @property
    def reminder_days(self) -> list[datetime.date]:
        """The days on which somebody with a seat gets a reminder, in ascending order."""
        day = timezone.localdate(self.event.starts_at)
        return sorted(day - datetime.timedelta(days=n) for n in settings.EVENT_REMINDER_DAYS)

    @property
    def reminder_days_until_today(self) -> list[datetime.date]:
        """The reminders up to today; a mail that says everything today replaces them.

        Everybody inserts these rows in ascending order, so that two transactions cannot deadlock.
        """
        today = timezone.localdate()
        return [day for day in self.reminder_days if day <= today]

    @property
    def asked_again_at(self) -> datetime.datetime:
        """When the person is asked whether they will come, where the event asks again."""
        return self.event.starts_at - datetime.timedelta(hours=settings.ASK_AGAIN_HOURS)

    @property
    def may_reconfirm(self) -> bool:
        """Whether „Ja, ich komme“ says something new: for a seat, from the question until the event begins."""
        has_seat = self.status == RegistrationStatus.REGISTERED
        is_time = self.asked_again_at <= timezone.now() and self.event.is_ahead
        return has_seat and is_time and self.event.asks_again and self.reconfirmed_at is None

    @property
    def may_check_in(self) -> bool:
        """Whether the person may say „Ich bin da“: with a seat, shortly before the event and until it ends."""
        has_seat = self.status == RegistrationStatus.REGISTERED
        return has_seat and self.checked_in_at is None and takes_arrivals(self.event)

    @property
    def is_to_be_ticked(self) -> bool:
        """Whether the person has checked in, and nobody who keeps the list has said anything to that."""
        return self.checked_in_at is not None and self.attended is None

    @property
    def is_on(self) -> bool:
        return self.status in IS_ON

    @property
    def may_be_cancelled(self) -> bool:
        """Whether the person may cancel: until the event begins."""
        is_ahead = not self.event.is_cancelled and timezone.now() < self.event.starts_at
        return self.status in MAY_BE_CALLED_OFF and is_ahead

    @property
    def is_invited(self) -> bool:
        """Whether the person is invited and has not answered."""
        return self.status == RegistrationStatus.INVITED

    @property
    def may_join(self) -> bool:
        """Whether the person may say yes: as long as the event takes answers."""
        return self.status in MAY_JOIN and self.event.takes_answers

    @property
    def is_over(self) -> bool:
        return self.status in OVER
