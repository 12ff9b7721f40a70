"""18:00 is 18:00 in Stuttgart, whatever reads the calendar file: three readers that share no code for time zones.

icalendar has its own, vobject takes that of dateutil, ical brings its own. Each reads the rules of
the file: the name of the zone is changed to one that no system knows.
"""

import calendar
import datetime
from collections.abc import Callable

import icalendar
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from programs.calendar import Address, Method, event_calendar, invitation
from programs.models import Event
from tests.factories import BERLIN

YEARS = (2026, 2027, 2040)
STRANGE = "Portal/Kessel"
Times = tuple[datetime.datetime, datetime.datetime]


def by_icalendar(file: bytes) -> Times:
    (entry,) = icalendar.Calendar.from_ical(file).events
    return entry["DTSTART"].dt, entry["DTEND"].dt


def by_vobject(file: bytes) -> Times:
    entry = vobject.readOne(file.decode()).vevent
    return entry.dtstart.value, entry.dtend.value


def by_ical(file: bytes) -> Times:
    (entry,) = IcsCalendarStream.calendar_from_ics(file.decode()).events
    return entry.dtstart, entry.dtend


READERS: tuple[Callable[[bytes], Times], ...] = (by_icalendar, by_vobject, by_ical)


def last_sunday(year: int, month: int) -> datetime.date:
    last = datetime.date(year, month, calendar.monthrange(year, month)[1])
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7)


def hours_of(year: int) -> list[datetime.datetime]:
    """Local times over the year: in both seasons, and before and after both changes of the clock."""
    spring, autumn = last_sunday(year, 3), last_sunday(year, 10)
    day = datetime.timedelta(days=1)
    times = [(datetime.date(year, month, 15), 18, 0) for month in range(1, 13)]
    for change in (spring, autumn):
        times += [(change - day, 18, 0), (change, 1, 59), (change, 3, 0), (change, 18, 0)]
        times += [(change + day, 18, 0)]
    return [datetime.datetime(d.year, d.month, d.day, h, m, tzinfo=BERLIN) for d, h, m in times]


def made(start: datetime.datetime) -> Event:
    return Event(
        title="Einführung, Teil 1; für alle",
        slug="einfuehrung",
        starts_at=start,
        ends_at=start.astimezone(datetime.UTC) + datetime.timedelta(hours=26),
        updated_at=start,
    )


def in_a_strange_zone(file: bytes) -> bytes:
    assert file.count(b"Europe/Berlin") == 3  # the rules, the beginning, the end
    return file.replace(b"Europe/Berlin", STRANGE.encode())


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("year", YEARS)
def test_every_reader_finds_the_moment_from_the_rules_of_the_file(
    reader: Callable[[bytes], Times], year: int
) -> None:
    for start in hours_of(year):
        event = made(start)
        file = event_calendar(event, url="https://example.org/termine/einfuehrung/")
        for known in (file, in_a_strange_zone(file)):
            begin, end = reader(known)
            assert begin.replace(tzinfo=None) == start.replace(tzinfo=None)
            assert begin.astimezone(datetime.UTC) == start.astimezone(datetime.UTC), start
            assert end.astimezone(datetime.UTC) == event.ends_at, start


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("year", YEARS)
def test_six_in_the_evening_in_july_is_four_in_utc(
    reader: Callable[[bytes], Times], year: int
) -> None:
    event = made(datetime.datetime(year, 7, 15, 18, tzinfo=BERLIN))
    begin, _end = reader(in_a_strange_zone(event_calendar(event, url="https://example.org/")))
    assert begin.astimezone(datetime.UTC) == datetime.datetime(year, 7, 15, 16, tzinfo=datetime.UTC)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("method", Method)
def test_every_reader_takes_the_file_of_a_mail(
    reader: Callable[[bytes], Times], method: Method
) -> None:
    start = datetime.datetime(2040, 7, 15, 18, tzinfo=BERLIN)
    file = invitation(
        made(start),
        method=method,
        sequence=3,
        url="https://example.org/",
        organizer=Address("Freiwilligenportal", "portal@example.org"),
        attendee=Address("Öznur; Yılmaz, „Öz“", "oeznur@example.org"),
    )
    assert reader(file)[0].astimezone(datetime.UTC) == start.astimezone(datetime.UTC)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"place": "Rathaus"}, "Rathaus"),
        ({"online_url": "https://example.org/raum"}, "Online"),
        ({}, "Stuttgart"),
    ],
)
def test_every_file_says_where(values: dict[str, str], place: str) -> None:
    event = made(datetime.datetime(2026, 7, 15, 18, tzinfo=BERLIN))
    for name, value in values.items():
        setattr(event, name, value)
    file = event_calendar(event, url="https://example.org/")
    (entry,) = icalendar.Calendar.from_ical(file).events
    assert entry["LOCATION"] == place
    assert vobject.readOne(file.decode()).vevent.location.value == place
    assert IcsCalendarStream.calendar_from_ics(file.decode()).events[0].location == place
