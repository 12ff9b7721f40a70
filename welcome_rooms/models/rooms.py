"""The Willkommensräume: carriers over time, opening hours, closures, regular offers."""

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.holidays import holiday_on
from programs.models import Entry, Translated, Weekday


@tracked()
class WelcomeRoom(Entry):
    """A room in a district where newcomers and neighbours meet.

    ``organisation`` is the Träger that runs it now; earlier ones are in ``carrier_periods``.
    """

    TRANSLATED = (*Entry.TRANSLATED, "access_note", "hours_note")

    entry_ptr = models.OneToOneField(
        Entry, on_delete=models.CASCADE, parent_link=True, related_name="room_entry"
    )
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    street = models.CharField(_("Straße und Hausnummer"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("Breite (WGS84)"),
        null=True,
        blank=True,
        help_text=_(
            "Zum Beispiel 48,7754. Mit Breite und Länge sagt die Suche in der Nähe, wie weit es zu "
            "Fuß ist. Beides steht in Kartendiensten beim Ort."
        ),
    )
    longitude = models.FloatField(
        _("Länge (WGS84)"), null=True, blank=True, help_text=_("Zum Beispiel 9,1789.")
    )
    funder = models.CharField(_("gefördert von"), max_length=200, blank=True)
    funding_programme = models.CharField(_("im Rahmen von"), max_length=120, blank=True)
    access_note = models.CharField(_("Hinweise zum Zugang"), max_length=300, blank=True)
    hours_note = models.CharField(
        _("Hinweis zu den Öffnungszeiten"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel der Stand der Zeiten."),
    )
    open_on_holidays = models.BooleanField(
        _("an Feiertagen geöffnet"),
        default=False,
        db_default=False,
        help_text=_("Sonst gilt der Raum an gesetzlichen Feiertagen als geschlossen."),
    )

    class Meta:
        verbose_name = _("Willkommensraum")
        verbose_name_plural = _("Willkommensräume")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(48.6, 49),
                    longitude__range=(8.9, 9.5),
                ),
                name="room_lies_in_or_near_stuttgart",
                violation_error_message=_(
                    "Bitte Breite (48,6 bis 49) und Länge (8,9 bis 9,5) angeben oder beides leer "
                    "lassen."
                ),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Entry.Kind.ROOM
        super().save(*args, **kwargs)

    def hours_on(self, day: datetime.date) -> list["OpeningHours"]:
        """Opening hours on ``day``, earliest first; none on a holiday or during a closure."""
        if self.why_closed_on(day) is not None:
            return []
        return [hours for hours in self.opening_hours.all() if hours.weekday == day.weekday()]

    def why_closed_on(self, day: datetime.date) -> str | None:
        """Why the room is closed on ``day`` whatever its opening hours say; None if it is not.

        Empty if it is closed without a reason given.
        """
        for closure in self.known_closures:
            if closure.first_day <= day <= closure.last_day:
                return closure.said("reason")
        return (not self.open_on_holidays and holiday_on(day)) or None

    @cached_property
    def known_closures(self) -> list["Closure"]:
        """Of a room that was read with :func:`with_closures` without a query of their own."""
        rows = getattr(self, "closure_rows", None)
        if rows is None:
            return list(self.closures.all())
        days, texts = ("first_day", "last_day"), ("reason", "translations")
        return [
            Closure(
                **{text: row[text] for text in texts},
                **{day: datetime.date.fromisoformat(row[day]) for day in days},
            )
            for row in rows
        ]


class OpeningHours(models.Model):
    room = models.ForeignKey(WelcomeRoom, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=Weekday.choices)
    opens = models.TimeField(_("von"))
    closes = models.TimeField(_("bis"))

    class Meta:
        verbose_name = _("Öffnungszeit")
        verbose_name_plural = _("Öffnungszeiten")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="opening_hours_close_after_open",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn."),
            ),
            models.UniqueConstraint(
                fields=["room", "weekday", "opens"],
                name="opening_hours_once",
                violation_error_message=_("Diese Zeit ist schon eingetragen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.clock}"

    @property
    def clock(self) -> str:
        """„17:00–20:00“: the format in tables, lists and the administration."""
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(Translated):
    """Days on which a room is closed, such as a summer break."""

    TRANSLATED = ("reason",)

    room = models.ForeignKey(WelcomeRoom, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField(_("erster Tag"))
    last_day = models.DateField(_("letzter Tag"), help_text=_("An diesem Tag noch geschlossen."))
    reason = models.CharField(
        _("Grund"),
        max_length=80,
        blank=True,
        help_text=_("Steht auf der Seite, zum Beispiel „Sommerpause“."),
    )

    class Meta:
        verbose_name = _("Schließzeit")
        verbose_name_plural = _("Schließzeiten")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closure_ends_after_start",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        first, last = (date_format(d, gettext("d.m.Y")) for d in (self.first_day, self.last_day))
        return f"{first} – {last}"


def with_closures() -> dict[str, ArraySubquery]:
    """Annotation of a room: its closures in the same query."""
    shown = ("first_day", "last_day", "reason", "translations")
    row = JSONObject(**{name: name for name in shown})
    closures = Closure.objects.filter(room=OuterRef("pk"))
    return {"closure_rows": ArraySubquery(closures.values(row=row))}


class RoomOffer(Translated):
    """Something that takes place regularly in a room."""

    TRANSLATED = ("title", "note")

    room = models.ForeignKey(WelcomeRoom, on_delete=models.CASCADE, related_name="offers")
    title = models.CharField(_("Angebot"), max_length=120)
    note = models.CharField(_("Hinweis"), max_length=200, blank=True)
    weekday = models.PositiveSmallIntegerField(
        _("Wochentag"),
        choices=Weekday.choices,
        null=True,
        blank=True,
        help_text=_(
            "Für Angebote, die jede Woche an diesem Tag sind: die Seite nennt die nächsten Termine."
        ),
    )
    starts = models.TimeField(_("von"), null=True, blank=True)
    ends = models.TimeField(_("bis"), null=True, blank=True)
    since = models.DateField(_("ab"), null=True, blank=True)
    until = models.DateField(
        _("letzter Tag"),
        null=True,
        blank=True,
        help_text=_("Danach steht es nicht mehr auf der Seite; seine Besuchszahlen bleiben."),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("regelmäßiges Angebot")
        verbose_name_plural = _("regelmäßige Angebote")
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="room_offer_ends_after_start",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn."),
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(weekday__isnull=False),
                name="room_offer_with_a_time_has_a_weekday",
                violation_error_message=_("Zu einer Uhrzeit gehört ein Wochentag."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_on(self, day: datetime.date) -> bool:
        """Whether the offer takes place within its period on the weekday of ``day``."""
        return self.weekday == day.weekday() and self.is_offered_on(day)

    def is_offered_on(self, day: datetime.date) -> bool:
        """Whether the offer exists on ``day``, at whatever time of the week it takes place."""
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


@tracked(part_of="room")
class CarrierPeriod(Translated):
    """The period in which an organisation ran a room. The periods of one room do not overlap."""

    TRANSLATED = ("note",)

    room = models.ForeignKey(WelcomeRoom, on_delete=models.CASCADE, related_name="carrier_periods")
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Träger"),
        on_delete=models.PROTECT,
        related_name="carrier_periods",
    )
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    note = models.CharField(
        _("Zeitraum in Worten"),
        max_length=120,
        blank=True,
        help_text=_("Wird statt der Daten gezeigt."),
    )

    class Meta:
        verbose_name = _("Trägerschaft")
        verbose_name_plural = _("Trägerschaften")
        ordering = [F("since").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="carrier_period_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Beginn."),
            ),
            ExclusionConstraint(
                name="carrier_periods_do_not_overlap",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        DateRange("since", "until", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("In dieser Zeit hatte der Raum schon einen Träger."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.room}"
