"""The programme of half a year, to print and to put up: A4, PDF/UA, with a QR code that leads to the calendar."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Entry, Event, EventQuerySet
from programs.models.choices import listed
from volunteers import papers

from .filter import EventFilter
from .months import Month, between

TEMPLATE = Path(__file__).with_name("programme.typ")
MOST = 400
"""So many events are printed, the first ones; far more than a half-year has."""


class HalfYear(NamedTuple):
    year: int
    half: int
    """1 from January to June, 2 from July to December."""

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def now_and_next(cls) -> tuple[Self, Self]:
        now = cls.of(timezone.localdate())
        return now, cls(now.year + now.half - 1, 3 - now.half)

    def events(self) -> EventQuerySet:
        """What is published for it and not cancelled."""
        first = Month(self.year, 6 * self.half - 5)
        return between(first.first, first.plus(6).first).filter(is_cancelled=False)

    def __str__(self) -> str:
        if self.half == 1:
            return _("Januar bis Juni %(year)d") % {"year": self.year}
        return _("Juli bis Dezember %(year)d") % {"year": self.year}


def programme(half: HalfYear, found: EventFilter) -> bytes:
    """The PDF with what the filter has found; characters that no font has are left out."""
    address = settings.SITE_URL + reverse("programs:event_list")
    events = found.qs.select_related("district", "organisation", "part_of")[:MOST]
    return papers.without_missing(
        papers.render,
        TEMPLATE,
        title=_("Programm"),
        period=str(half),
        chosen=found.words,
        months=[
            {"name": name, "events": [_row(event) for event in rows]}
            for name, rows in groupby(events, _month_name)
        ],
        name=_("Freiwilligenportal Stuttgart"),
        stand=_("Stand: %(day)s") % {"day": date_format(timezone.localdate(), _("j. F Y"))},
        how=_("Mehr erfahren, anmelden, in den Kalender übernehmen:"),
        address=address.partition("://")[2].rstrip("/"),
        qr=papers.qr_code(address),
        qr_text=_("QR-Code mit der Adresse %(address)s") % {"address": address},
    )


def _month_name(event: Event) -> str:
    return date_format(timezone.localtime(event.starts_at), _("F Y"))


def _row(event: Event) -> dict[str, Any]:
    first, last = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    hours = _("%(from)s–%(to)s Uhr") % {"from": f"{first:%H:%M}", "to": f"{last:%H:%M}"}
    if first.date() != last.date():
        until = date_format(last, _("j. F, H:i"))
        hours = _("%(from)s Uhr bis %(to)s Uhr") % {"from": f"{first:%H:%M}", "to": until}
    return {
        "weekday": date_format(first, _("D")),
        "day": str(first.day),
        "hours": hours,
        "kind": event.get_kind_display(),
        "title": papers.line(event.title),
        "summary": papers.line(event.summary),
        "facts": list(filter(None, (_where(event), _notes(event)))),
    }


def _where(event: Event) -> str:
    """The place, or the room to which the event belongs; its district, and who invites."""
    room = event.part_of if event.part_of and event.part_of.kind == Entry.Kind.ROOM else None
    place = event.where or (room.title if room and room.is_published else "")
    if event.online_url and not event.where:
        place = _("online")
    district = event.district.short_name if event.district else ""
    return " · ".join(_known(place, district, event.organisation.title))


def _notes(event: Event) -> str:
    """What one has to know before coming."""
    needs = _("mit Anmeldung") if event.takes_registrations else ""
    if event.takes_registrations and event.registration_until:
        day = date_format(timezone.localtime(event.registration_until), _("j. F"))
        needs = _("mit Anmeldung bis %(day)s") % {"day": day}
    elif event.needs_no_registration:
        needs = _("ohne Anmeldung")
    languages = listed(event.language_labels)
    example = _("Beispiel") if event.is_demo else ""
    return " · ".join(_known(needs, languages, event.childcare_note, event.access_note, example))


def _known(*texts: str) -> Iterable[str]:
    return map(papers.line, filter(None, texts))
