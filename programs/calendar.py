"""Events as iCalendar files (RFC 5545)."""

from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from .models import Event

BERLIN = ZoneInfo("Europe/Berlin")


def event_calendar(event: Event, *, url: str) -> bytes:
    """``event`` as a calendar with one entry; ``url`` is its page.

    The same UID and a higher SEQUENCE tell a calendar that it knows the event and what changed;
    DTSTAMP is the last change, so the file is the same until then. Times are local, with the
    rules of Europe/Berlin in the file.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Freiwilligenportal Stuttgart//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_entry(event, url))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _entry(event: Event, url: str) -> CalendarEvent:
    entry = CalendarEvent()
    entry.add("uid", str(event.uid))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at)
    entry.add("dtstart", event.starts_at.astimezone(BERLIN))
    entry.add("dtend", event.ends_at.astimezone(BERLIN))
    entry.add("summary", event.title)
    entry.add("url", url)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if event.place:
        entry.add("location", event.place)
    if text := event.summary or event.description:
        entry.add("description", text)
    return entry
