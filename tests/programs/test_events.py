"""Events: list, page and calendar file."""

import datetime
import hashlib
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from programs.models import Event
from programs.models.events import CALENDAR_FACTS
from tests.factories import (
    BERLIN,
    make_clearing_office,
    make_district,
    make_event,
    make_organisation,
    make_room,
)

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=BERLIN)


def at(year: int, month: int, day: int, hour: int = 18, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def calendar_of(client: Client, event: Event) -> Any:
    response = client.get(reverse("programs:event_ics", args=[event.slug]))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.content.endswith(b"\r\n")
    return Calendar.from_ical(response.content)


@time_machine.travel(NOON, tick=False)
def test_calendar_file_says_what_the_page_says(client: Client) -> None:
    event = make_event("Einführung, Teil 1; für alle", starts_at=at(2026, 3, 10), place="Rathaus")
    (entry,) = calendar_of(client, event).events
    assert entry["SUMMARY"] == "Einführung, Teil 1; für alle"
    assert entry["UID"] == str(event.uid)
    assert entry["SEQUENCE"] == 0
    assert entry["LOCATION"] == "Rathaus"
    assert entry["STATUS"] == "CONFIRMED"
    assert str(entry["URL"]).endswith(event.get_absolute_url())
    assert str(entry["URL"]).startswith("http")
    assert entry["DTSTAMP"].dt == event.updated_at.replace(microsecond=0)
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("start", "offset"),
    [
        (at(2026, 3, 28), 1),  # the evening before the change to summer time
        (at(2026, 3, 29, 3), 2),  # the first hour of summer time
        (at(2026, 10, 24), 2),
        (at(2026, 10, 25, 18), 1),
    ],
)
def test_times_hold_across_the_change_to_summer_time(
    client: Client, start: datetime.datetime, offset: int
) -> None:
    event = make_event(starts_at=start)
    calendar = calendar_of(client, event)
    (entry,) = calendar.events
    begin = entry["DTSTART"].dt
    assert begin == start
    assert begin.utcoffset() == datetime.timedelta(hours=offset)
    assert (begin.hour, begin.minute) == (start.hour, start.minute)
    zone = next(part for part in calendar.walk("VTIMEZONE") if part["TZID"] == "Europe/Berlin")
    assert zone.to_tz().utcoffset(start.replace(tzinfo=None)) == datetime.timedelta(hours=offset)


@time_machine.travel(NOON, tick=False)
def test_event_over_the_change_ends_when_the_clock_says(client: Client) -> None:
    begin, end = at(2026, 3, 28, 22), at(2026, 3, 29, 4)
    event = make_event("Lange Nacht", starts_at=begin, ends_at=end)
    (entry,) = calendar_of(client, event).events
    assert entry["DTEND"].dt == end
    lasted = entry["DTEND"].dt.astimezone(datetime.UTC) - entry["DTSTART"].dt.astimezone(
        datetime.UTC
    )
    assert lasted == datetime.timedelta(hours=5)
    page = client.get(event.get_absolute_url()).text
    assert "Samstag, 28. März 2026" in page
    assert "22:00 Uhr bis Sonntag, 29. März 2026, 04:00 Uhr" in page


@time_machine.travel(NOON, tick=False)
def test_change_keeps_the_uid_and_counts_up(client: Client) -> None:
    event = make_event(starts_at=at(2026, 3, 10))
    (before,) = calendar_of(client, event).events
    event.place, event.sequence = "Kulturinsel", 1
    event.save()
    (after,) = calendar_of(client, event).events
    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after["LOCATION"]) == (1, "Kulturinsel")


@time_machine.travel(NOON, tick=False)
def test_cancelled_event_is_said_to_be_so_everywhere(client: Client) -> None:
    event = make_event(
        starts_at=at(2026, 3, 10), is_cancelled=True, online_url="https://example.org/x"
    )
    assert client.get(reverse("programs:event_ics", args=[event.slug])).status_code == 404
    page = client.get(event.get_absolute_url()).text
    assert "Abgesagt" in page
    assert "https://example.org/x" not in page
    assert "iCal" not in page
    assert "abgesagt" in client.get(reverse("programs:event_list")).text


@time_machine.travel(NOON, tick=False)
def test_list_goes_by_month_and_leaves_out_what_is_over_or_unpublished(client: Client) -> None:
    make_event("Gestern", starts_at=at(2026, 2, 27))
    make_event("Entwurf", starts_at=at(2026, 3, 10), is_published=False)
    make_event("Läuft noch", starts_at=at(2026, 3, 1, 11))
    make_event("Im April", starts_at=at(2026, 4, 1, 0, 30))
    months = client.get(reverse("programs:event_list")).context["months"]
    assert [(month.month, [event.title for event in rows]) for month, rows in months] == [
        (3, ["Läuft noch"]),
        (4, ["Im April"]),
    ]


@time_machine.travel(NOON, tick=False)
def test_list_is_filtered_by_kind_and_district(client: Client) -> None:
    make_event(
        "Schulung", kind="training", district=make_district("feuerbach"), starts_at=at(2026, 3, 10)
    )
    make_event("Begegnung", kind="encounter", starts_at=at(2026, 3, 11))

    def titles(**query: str) -> list[str]:
        months = client.get(reverse("programs:event_list"), query).context["months"]
        return [event.title for _month, rows in months for event in rows]

    assert titles(art="schulung") == ["Schulung"]
    assert titles(bezirk="feuerbach") == ["Schulung"]
    assert titles(art="begegnung", bezirk="feuerbach") == []
    assert titles(art="quark") == ["Schulung", "Begegnung"]
    page = client.get(
        reverse("programs:event_list"), {"art": "begegnung", "bezirk": "feuerbach"}
    ).text
    assert "Dazu ist nichts eingetragen" in page


@time_machine.travel(NOON, tick=False)
def test_filters_name_only_what_there_is_or_what_was_chosen(client: Client) -> None:
    make_district("botnang")
    make_event(
        "Schulung", kind="training", district=make_district("feuerbach"), starts_at=at(2026, 3, 10)
    )

    def offered(**query: str) -> list[list[str]]:
        selects = client.get(reverse("programs:event_list"), query).context["found"].selects
        return [[word.value for word in select["words"]] for select in selects]

    assert offered() == [["schulung"], ["feuerbach"]]
    assert offered(bezirk="botnang") == [["schulung"], ["botnang", "feuerbach"]]


def test_empty_list_says_what_to_do_next(client: Client) -> None:
    page = client.get(reverse("programs:event_list")).text
    assert "Zurzeit ist kein Termin eingetragen" in page
    assert reverse("portal:catalogue") in page


@time_machine.travel(NOON, tick=False)
def test_page_names_place_access_capacity_and_deadline(client: Client) -> None:
    event = make_event(
        starts_at=at(2026, 3, 10),
        capacity=12,
        registration_until=at(2026, 3, 8, 23, 59),
        access_note="Aufzug im Hof",
        languages=["de", "ar"],
        organisation=make_organisation("Kulturinsel Stuttgart"),
    )
    page = client.get(event.get_absolute_url()).text
    for words in (
        "Dienstag, 10. März 2026",
        "18:00 bis 20:00 Uhr",
        "Rathaus Stuttgart",
        "Aufzug im Hof",
        "Deutsch, Arabisch",
        "Sonntag, 8. März 2026, 23:59",
        "Kulturinsel Stuttgart",
    ):
        assert words in page, words


@pytest.mark.parametrize("name", ["programs:event", "programs:event_ics"])
def test_unpublished_event_is_not_found(client: Client, name: str) -> None:
    event = make_event(is_published=False)
    assert client.get(reverse(name, args=[event.slug])).status_code == 404


def test_list_makes_as_many_queries_for_one_event_as_for_thirty(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(reverse("programs:event_list"))
        return len(context)

    make_event(district=make_district("feuerbach"))
    once = count()
    for number in range(29):
        make_event(f"Termin {number}", organisation=make_organisation(f"Verein {number}"))
    assert count() == once <= 10


# --- where exactly, and whether one has to register ----------------------------------------------

NO_ADDRESS = "Die genaue Anschrift steht hier noch nicht."
JUST_COME = "Sie brauchen keine Anmeldung. Kommen Sie einfach."


def page_of(client: Client, event: Event) -> str:
    return " ".join(client.get(event.get_absolute_url()).text.split())


def test_an_event_says_place_and_street_on_its_page_and_in_the_calendar(client: Client) -> None:
    event = make_event(place="Rathaus", street="Marktplatz 1")
    assert "<p>Rathaus</p> <p>Marktplatz 1</p>" in page_of(client, event)
    assert NO_ADDRESS not in page_of(client, event)
    (entry,) = calendar_of(client, event).events
    assert entry["LOCATION"] == "Rathaus, Marktplatz 1"


def test_without_an_address_the_page_says_to_ask(client: Client) -> None:
    event = make_event(place="Wird noch bekannt gegeben")
    assert NO_ADDRESS in page_of(client, event)
    Event.objects.update(place="Saal, Hauptstraße 28")
    assert NO_ADDRESS not in page_of(client, event)


def test_an_event_of_a_room_is_in_the_room(client: Client) -> None:
    make_clearing_office()
    room = make_room("Willkommensraum Süd", place="Gemeindehaus", street="Hauptstraße 28")
    event = make_event(organisation=room.organisation, part_of=room, place="")
    page = page_of(client, event)
    assert "Willkommensraum Süd</a>, Gemeindehaus</p> <p>Hauptstraße 28</p>" in page
    assert NO_ADDRESS not in page
    Event.objects.update(place="Schlossgarten", street="")
    assert "Hauptstraße 28" not in page_of(client, event)


def test_a_new_street_counts_as_news_and_an_empty_one_leaves_the_digest_as_it_was() -> None:
    event = make_event(place="Rathaus")
    before = event.facts_digest
    values = [str(getattr(event, n)) for n in CALENDAR_FACTS if n != "street"]
    assert before == hashlib.sha256(repr(values).encode()).hexdigest()
    event.street = "Marktplatz 1"
    event.save()
    assert event.sequence == 1
    assert event.facts_digest != before


@pytest.mark.parametrize("takes_registrations", [True, False])
def test_the_link_to_take_part_is_public_only_where_nobody_registers(
    client: Client, takes_registrations: bool
) -> None:
    event = make_event(
        place="",
        online_url="https://video.example.org/raum",
        takes_registrations=takes_registrations,
    )
    page = page_of(client, event)
    assert ("video.example.org" in page) != takes_registrations
    assert ("wer einen Platz hat" in page) == takes_registrations


@pytest.mark.parametrize(
    ("fields", "just_come", "register"),
    [
        ({}, True, False),
        ({"takes_registrations": True}, False, True),
        ({"registration_until": NOON}, False, False),
        ({"is_cancelled": True}, False, False),
        ({"starts_at": at(2026, 2, 1)}, False, False),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_one_registers_or_reads_that_one_just_comes(
    client: Client, fields: dict[str, Any], just_come: bool, register: bool
) -> None:
    event = make_event(**({"starts_at": at(2026, 3, 10)} | fields))
    page = page_of(client, event)
    assert (JUST_COME in page) == just_come
    assert (reverse("volunteers:register", args=[event.slug]) in page) == register
