"""Events: trainings, introductory evenings, dialogues, meetings."""

import datetime
import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .choices import SpeaksMixin, languages_field
from .translated import Translated
from .web import WebAddressField

CALENDAR_FACTS = (
    "title", "starts_at", "ends_at", "place", "street", "online_url", "is_cancelled",
)  # fmt: skip
"""Fields that are in people's calendars. If one changes, people with a place are informed."""


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def listed(self) -> Self:
        """Published events that lists and calendars show; not those for invited people only."""
        return self.published().filter(only_invited=False)

    def upcoming(self) -> Self:
        """Listed events that have not ended yet, soonest first."""
        return self.listed().filter(ends_at__gte=timezone.now()).order_by("starts_at")

    def ahead(self) -> Self:
        """Published events that are not cancelled and have not begun."""
        return self.published().filter(is_cancelled=False, starts_at__gt=timezone.now())

    def visible_to(self, user: AnyUser) -> Self:
        """Events of organisations in :meth:`OrganisationQuerySet.kept_by`, and of rooms ``user`` looks after."""
        from .entries import Entry
        from .organisations import Organisation

        if user.is_superuser:
            return self
        user = viewing(user, self.model)
        kept = Organisation.objects.kept_by(user).values("pk")
        rooms = Entry.objects.rooms_of(user).values("pk")
        return self.filter(Q(organisation__in=kept) | Q(part_of__in=rooms))


@tracked(exclude=("uid", "sequence", "is_demo", "created_at", "updated_at"))
class Event(SpeaksMixin, Translated):
    """An event at one date and place. Times are stored in UTC and shown in Europe/Berlin."""

    TRANSLATED = ("title", "summary", "description", "access_note", "childcare_note")

    class Kind(models.TextChoices):
        TRAINING = "training", _("Schulung")
        INTRODUCTION = "introduction", _("Einführungsabend")
        DIALOGUE = "dialogue", _("Bürgerdialog")
        COMMUNITY_TALK = "community_talk", _("Gemeinschaftsgespräch")
        RECOGNITION = "recognition", _("Anerkennung")
        ENCOUNTER = "encounter", _("Begegnung")
        REFLECTION = "reflection", _("Reflexion und Supervision")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Art"), max_length=14, choices=Kind.choices)
    title = models.CharField(_("Titel"), max_length=160)
    slug = models.SlugField(_("Adresse"), max_length=160, unique=True)
    summary = models.CharField(_("Kurzbeschreibung"), max_length=300, blank=True)
    description = models.TextField(_("Beschreibung"), blank=True)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.PROTECT,
        related_name="organised_events",
    )
    part_of = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("gehört zu"),
        on_delete=models.SET_NULL,
        related_name="events",
        null=True,
        blank=True,
    )
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    place = models.CharField(
        _("Ort"),
        max_length=200,
        blank=True,
        help_text=_("Der Name des Hauses und der Raum: „Rathaus, Mittlerer Sitzungssaal“."),
    )
    street = models.CharField(
        _("Straße und Hausnummer"), max_length=120, blank=True, db_default="", default=""
    )
    online_url = WebAddressField(_("Link zur Teilnahme"), blank=True)
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
    )
    access_note = models.CharField(_("Hinweise zum Zugang"), max_length=300, blank=True)
    childcare_note = models.CharField(
        _("Kinderbetreuung"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel „für Kinder ab 3 Jahren, bitte bei der Anmeldung angeben“."),
    )
    languages = languages_field(_("Sprachen"))
    takes_registrations = models.BooleanField(
        _("mit Anmeldung"),
        default=False,
        help_text=_("Ohne Anmeldung kommt einfach, wer mag."),
    )
    only_invited = models.BooleanField(
        _("nur mit Einladung"),
        default=False,
        db_default=False,
        help_text=_(
            "Steht in keiner Liste und keinem Kalender. Anmelden kann sich nur, wer eingeladen ist."
        ),
    )
    asks_again = models.BooleanField(
        _("kurz vorher nachfragen"),
        default=False,
        db_default=False,
        help_text=_(
            "Wer einen Platz hat, wird kurz vor dem Beginn per Mail gefragt, ob es dabei bleibt. Wer "
            "absagt, macht Platz für andere."
        ),
    )
    capacity = models.PositiveSmallIntegerField(
        _("Plätze"), null=True, blank=True, help_text=_("Leer heißt: unbegrenzt.")
    )
    registration_until = models.DateTimeField(
        _("Anmeldung bis"), null=True, blank=True, help_text=_("Leer heißt: bis zum Beginn.")
    )
    qualification = models.CharField(
        _("bescheinigt"),
        max_length=160,
        blank=True,
        help_text=_("Was hat, wer teilgenommen hat: „Grundschulung WillkommensPaten“."),
    )
    qualification_months = models.PositiveSmallIntegerField(
        _("gilt so viele Monate"), null=True, blank=True, help_text=_("Leer heißt: unbegrenzt.")
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=False)
    is_cancelled = models.BooleanField(_("abgesagt"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["starts_at"], name="event_starts_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn."),
            ),
            models.CheckConstraint(
                condition=Q(registration_until__isnull=True)
                | Q(registration_until__lte=F("starts_at")),
                name="event_registration_ends_before_start",
                violation_error_message=_("Die Anmeldung endet spätestens mit dem Beginn."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="event_capacity_at_least_one",
                violation_error_message=_("Mindestens ein Platz, oder leer für unbegrenzt."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Increase ``sequence`` if one of ``CALENDAR_FACTS`` changes.

        A calendar accepts a changed event only with a higher number (RFC 5545, 3.8.7.4), and people
        with a place are informed. The new values are compared with the stored row, which is locked.
        So every way to save the event counts, and two saves at the same time count twice. Changes to
        an event that stays cancelled do not count.
        """
        with transaction.atomic():
            if self._is_news(kwargs.get("update_fields")):
                self.sequence += 1
                if kwargs.get("update_fields") is not None:
                    kwargs["update_fields"] = {*kwargs["update_fields"], "sequence"}
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programs:event", args=[self.slug])

    def _is_news(self, update_fields: Iterable[str] | None) -> bool:
        """Whether saving changes one of ``CALENDAR_FACTS``. Locks the row and reloads ``sequence``."""
        rows = Event.objects.select_for_update().filter(pk=self.pk)
        stored = rows.values("sequence", *CALENDAR_FACTS).first()
        if stored is None:
            return False
        self.sequence = stored["sequence"]
        if stored["is_cancelled"] and self.is_cancelled:
            return False
        names = CALENDAR_FACTS if update_fields is None else {*CALENDAR_FACTS} & {*update_fields}
        return any(stored[name] != getattr(self, name) for name in names)

    @property
    def facts_digest(self) -> str:
        """A value that changes with ``CALENDAR_FACTS``, and comes back when they do."""
        # Without an empty street the value is the one of the release before.
        names = [name for name in CALENDAR_FACTS if name != "street" or self.street]
        facts = repr([str(getattr(self, name)) for name in names])
        return hashlib.sha256(facts.encode()).hexdigest()

    @property
    def where(self) -> str:
        """„Rathaus, Marktplatz 1“: the place and its street, as far as they are known."""
        return ", ".join(filter(None, [self.place, self.street]))

    @property
    def has_address(self) -> bool:
        """Whether people can find it: a street, or a place with a number in it."""
        return bool(self.street) or any(map(str.isdigit, self.place))

    @property
    def needs_no_registration(self) -> bool:
        """Whether one can just come, now or later."""
        asks = self.takes_registrations or self.only_invited or self.registration_until is not None
        return not (asks or self.is_past or self.is_cancelled)

    @property
    def is_past(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def is_ahead(self) -> bool:
        """Whether the event is public, not cancelled and has not begun. Only then places are given or returned."""
        return self.is_published and not self.is_cancelled and timezone.now() < self.starts_at

    @property
    def registration_ends_at(self) -> datetime.datetime:
        """When registration ends: at the deadline, or at the start of the event."""
        return self.registration_until or self.starts_at

    @property
    def is_open(self) -> bool:
        """Whether anybody can register, even if only for the waiting list."""
        return self.takes_answers and not self.only_invited

    @property
    def takes_answers(self) -> bool:
        """The same for people who are invited, or were on the list."""
        return (
            self.is_published
            and self.takes_registrations
            and not self.is_cancelled
            and timezone.now() < self.registration_ends_at
        )
