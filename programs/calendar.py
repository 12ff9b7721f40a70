"""Events as iCalendar files (RFC 5545), and as invitations that update a calendar (RFC 5546)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
)
from icalendar import Event as CalendarEvent

from . import simple
from .models import Event
from .models.translated import GERMAN, Said
from .texts import other_language

BERLIN = ZoneInfo("Europe/Berlin")
LOOK_AGAIN = datetime.timedelta(hours=12)


class Method(StrEnum):
    """What a calendar does with the event: show it, add or update it, remove it."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Address(NamedTuple):
    """A name and a mail address, as ``parseaddr`` returns them."""

    name: str
    email: str

    def as_property(self, **parameters: str) -> vCalAddress:
        value = vCalAddress(f"mailto:{self.email}")
        for name, text in {"CN": self.name or self.email, **parameters}.items():
            value.params[name] = vText(text)
        return value


def event_calendar(event: Event, *, url: str) -> bytes:
    """A calendar file with ``event`` as its only entry; ``url`` is the event's page.

    A known UID with a higher SEQUENCE tells a calendar that the event has changed. DTSTAMP is the
    time of the last change, so the file stays the same until the next one. Times are local; the file
    contains the rules of Europe/Berlin.
    """
    return _calendar(Method.PUBLISH, _entry(event, url, event.sequence, event.updated_at))


def invitation(
    event: Event,
    *,
    method: Method,
    sequence: int,
    url: str,
    organizer: Address,
    attendee: Address,
) -> bytes:
    """A calendar file for a person with a place. ``REQUEST`` adds or updates the event, ``CANCEL`` removes it.

    ``sequence`` must be higher than in all files that the person got before. The file contains the
    link for taking part online, because only people with a place get it.
    """
    entry = _entry(event, url, sequence, timezone.now(), with_link=True)
    if method == Method.CANCEL:
        entry["status"] = vText("CANCELLED")
    entry.add("organizer", organizer.as_property(), encode=False)
    if method != Method.PUBLISH:
        answer = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        entry.add("attendee", attendee.as_property(**answer), encode=False)
    return _calendar(method, entry)


def subscription(events: Iterable[Event], *, name: str, site: str) -> bytes:
    """All ``events`` as one calendar to subscribe to; ``site`` begins the addresses of their pages.

    A cancelled event stays in it, marked as cancelled (RFC 5545, 3.8.1.11). REFRESH-INTERVAL (RFC
    7986) and the older X-PUBLISHED-TTL ask calendars to look again after twelve hours.
    """
    entries = [
        _entry(event, site + event.get_absolute_url(), event.sequence, event.updated_at)
        for event in events
    ]
    calendar = _empty(Method.PUBLISH)
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    calendar.add("x-wr-timezone", BERLIN.key)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    return _written(calendar, *entries)


def _berlin() -> Timezone:
    """The time zone Europe/Berlin as recurrence rules without an end: the EU's summer time since 1996.

    A list of dates would end one day, and not every calendar can read one (RFC 5545, 3.6.5).
    """
    zone = Timezone()
    zone.add("tzid", BERLIN.key)
    winter, summer = datetime.timedelta(hours=1), datetime.timedelta(hours=2)
    for part, name, begins, before, after in (
        (TimezoneDaylight(), "CEST", datetime.datetime(1996, 3, 31, 2), winter, summer),  # noqa: DTZ001
        (TimezoneStandard(), "CET", datetime.datetime(1996, 10, 27, 3), summer, winter),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)  # in the local time that ends at this moment
        part.add("rrule", {"freq": "yearly", "bymonth": begins.month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One entry of a calendar that is about no public event."""

    uid: str
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place: str
    url: str


def moment_file(moment: Moment) -> bytes:
    entry = CalendarEvent()
    entry.add("uid", moment.uid)
    entry.add("dtstamp", timezone.now())
    entry.add("dtstart", moment.starts_at.astimezone(BERLIN))
    entry.add("dtend", moment.ends_at.astimezone(BERLIN))
    entry.add("summary", moment.title)
    entry.add("location", moment.place)
    entry.add("url", moment.url)
    return _calendar(Method.PUBLISH, entry)


def _calendar(method: Method, entry: CalendarEvent) -> bytes:
    return _written(_empty(method), entry)


def _empty(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Freiwilligenportal Stuttgart//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    return calendar


def _written(calendar: Calendar, *entries: CalendarEvent) -> bytes:
    calendar.add_component(_berlin())
    for entry in entries:
        calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _entry(
    event: Event, url: str, sequence: int, stamp: datetime.datetime, *, with_link: bool = False
) -> CalendarEvent:
    entry = CalendarEvent()
    entry.add("uid", str(event.uid))
    entry.add("sequence", sequence)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.starts_at.astimezone(BERLIN))
    entry.add("dtend", event.ends_at.astimezone(BERLIN))
    add_said(entry, "summary", event.said("title"))
    entry.add("url", url)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    link = event.online_url if with_link else ""
    entry.add("location", _where(event, link))
    if text := _description(event, link):
        add_said(entry, "description", text)
    return entry


def add_said(entry: CalendarEvent, name: str, text: str) -> None:
    """``text``; in a file of another language with its own (RFC 5545, 3.2.10): German where it is not translated."""
    language = other_language()
    spoken = GERMAN if getattr(text, "is_german", False) else language
    told = {"LANGUAGE": spoken} if language not in ("", simple.LANGUAGE) else {}
    entry.add(name, str(text), parameters=told)


def _where(event: Event, link: str) -> str:
    """The place; else the link for taking part; else „Online“, the district or the city."""
    if event.where or link:
        return event.where or link
    return _("Online") if event.online_url else str(event.district or _("Stuttgart"))


def _description(event: Event, link: str) -> str:
    online = _("Online teilnehmen: %(url)s") % {"url": link} if link else ""
    said = event.said("summary") or event.said("description")
    return Said("\n\n".join(filter(None, [said, online])), is_german=said.is_german)
