"""The calendar: months, the subscription, and the half-year programme."""

import datetime
from typing import Any

import icalendar
import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse
from ical.calendar_stream import IcsCalendarStream

from portal.calendar.half_year import HalfYear
from portal.calendar.months import Day, Month, days_of
from programs.models import Event
from tests.factories import BERLIN, make_district, make_event
from tests.volunteers.papers.test_papers import read, tags_of, text_of

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def at(month: int, day: int, hour: int = 18, minute: int = 0, year: int = 2026) -> Any:
    return datetime.datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def month_page(client: Client, month: int = 3, year: int = 2026, **query: str) -> Any:
    response = client.get(reverse("programs:month", args=[year, month]), query)
    assert response.status_code == 200
    return response


def shown(response: Any) -> dict[int, list[str]]:
    """Day of the month → titles, for days on which something happens."""
    days: list[Day] = response.context["days"]
    return {day.date.day: [e.title for e in day.events] for day in days if day.events}


def test_month_shows_each_event_on_its_days(client: Client) -> None:
    make_event("Im Februar", starts_at=at(2, 28, 23), ends_at=at(3, 1, 0))
    make_event("Über Nacht", starts_at=at(3, 6, 22), ends_at=at(3, 7, 2))
    make_event("Gestern", starts_at=at(3, 9))
    make_event("Abgesagt", starts_at=at(3, 20), is_cancelled=True)
    make_event("Entwurf", starts_at=at(3, 21), is_published=False)
    make_event("Nach Mitternacht", starts_at=at(4, 1, 0, 30))
    page = month_page(client)
    assert shown(page) == {
        6: ["Über Nacht"],
        7: ["Über Nacht"],
        9: ["Gestern"],
        20: ["Abgesagt"],
    }
    assert "month__event--cancelled" in page.text
    assert shown(month_page(client, 2)) == {28: ["Im Februar"]}
    assert shown(month_page(client, 4)) == {1: ["Nach Mitternacht"]}


def test_weeks_are_whole_from_monday_on_and_name_holidays() -> None:
    days = days_of(Month(2026, 5), [])
    assert len(days) % 7 == 0
    assert days[0].date == datetime.date(2026, 4, 27)
    assert {day.date.day: day.holiday for day in days if day.is_in_month and day.holiday} == {
        1: "Tag der Arbeit",
        14: "Christi Himmelfahrt",
        25: "Pfingstmontag",
    }


def test_calendar_without_a_month_is_this_month(client: Client) -> None:
    make_event("Heute", starts_at=at(3, 10))
    page = client.get(reverse("programs:calendar"))
    assert shown(page) == {10: ["Heute"]}
    assert "month__day--today" in page.text


def test_one_turns_from_the_first_event_to_the_last_and_no_further(client: Client) -> None:
    make_event("Erster", starts_at=at(12, 10, year=2025))
    make_event("Letzter", starts_at=at(4, 2))
    assert month_page(client).context["before"] == Month(2026, 2)
    assert month_page(client, 4).context["after"] is None
    assert month_page(client, 12, 2025).context["before"] is None
    assert month_page(client, 12, 2025).context["after"] == Month(2026, 1)


@pytest.mark.parametrize("path", ["2026/0", "2026/13", "0/1", "99999/1", "2026/00000000000001x"])
def test_month_that_is_none_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/kalender/{path}/").status_code == 404


def test_filter_stays_when_one_turns_or_changes_the_view(client: Client) -> None:
    make_event("Schulung", kind="training", district=make_district("feuerbach"), starts_at=at(3, 2))
    make_event("Dialog", kind="dialogue", starts_at=at(3, 3))
    make_event("Später", kind="dialogue", starts_at=at(6, 3))
    page = month_page(client, art="dialogue", bezirk="quark")
    assert shown(page) == {2: ["Schulung"], 3: ["Dialog"]}, "unknown words filter nothing"
    page = month_page(client, art="schulung", bezirk="feuerbach")
    assert shown(page) == {2: ["Schulung"]}
    query = "?art=schulung&amp;bezirk=feuerbach"
    for path in ("/kalender/2026/4/", "/termine/", "/kalender/", "/kalender.ics"):
        assert f"{path}{query}" in page.text
    empty = month_page(client, 4, art="schulung")
    assert "In diesem Monat ist nichts eingetragen" in empty.text


def feed(client: Client, **query: str) -> bytes:
    response = client.get(reverse("programs:calendar_feed"), query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert not response.cookies
    content: bytes = response.content
    return content


def test_subscription_holds_all_events_for_three_readers(client: Client) -> None:
    make_event("Lange vorbei", starts_at=at(1, 1))
    over = make_event("Neulich", starts_at=at(2, 10))
    gone = make_event("Abgesagt", starts_at=at(3, 20), is_cancelled=True)
    summer = make_event("Im Sommer; mit Komma, und „Zeichen“", starts_at=at(7, 1))
    make_event("Entwurf", starts_at=at(7, 2), is_published=False)
    content = feed(client)
    calendar = icalendar.Calendar.from_ical(content)
    assert [str(entry["UID"]) for entry in calendar.events] == [
        str(event.uid) for event in (over, gone, summer)
    ]
    assert [str(entry["STATUS"]) for entry in calendar.events] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert calendar["REFRESH-INTERVAL"].dt == datetime.timedelta(hours=12)
    assert calendar["X-WR-CALNAME"] == "Termine im Freiwilligenportal Stuttgart"
    assert vobject.readOne(content.decode()).vevent_list[2].dtstart.value == at(7, 1)
    assert IcsCalendarStream.calendar_from_ics(content.decode()).events[2].dtstart == at(7, 1)
    assert calendar.events[2]["SUMMARY"] == summer.title


def test_subscription_knows_the_filter_and_says_so(client: Client) -> None:
    make_event("Schulung", kind="training", starts_at=at(3, 20))
    make_event("Dialog", kind="dialogue", starts_at=at(3, 21))
    calendar = icalendar.Calendar.from_ical(feed(client, art="buergerdialog"))
    assert [str(entry["SUMMARY"]) for entry in calendar.events] == ["Dialog"]
    assert str(calendar["X-WR-CALNAME"]).endswith(": Bürgerdialog")


def test_subscription_is_the_same_until_something_changes(client: Client) -> None:
    event = make_event("Schulung", starts_at=at(3, 20))
    before = feed(client)
    assert feed(client) == before
    event.place = "Anderswo"
    event.save()
    assert b"Anderswo" in feed(client)


def test_subscription_asks_the_database_as_often_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_event(f"Nr. {number}", starts_at=at(3, 20), district=make_district("feuerbach"))
    with django_assert_max_num_queries(5):
        feed(client)
    with django_assert_max_num_queries(10):
        month_page(client)


@pytest.mark.parametrize(
    ("today", "now", "following"),
    [
        ((2026, 3, 1), (2026, 1), (2026, 2)),
        ((2026, 6, 30), (2026, 1), (2026, 2)),
        ((2026, 7, 1), (2026, 2), (2027, 1)),
        ((2026, 12, 31), (2026, 2), (2027, 1)),
    ],
)
def test_half_years_follow_each_other(today: Any, now: Any, following: Any) -> None:
    with time_machine.travel(datetime.datetime(*today, 12, tzinfo=BERLIN), tick=False):
        assert HalfYear.now_and_next() == (HalfYear(*now), HalfYear(*following))


def programme(client: Client, half: int = 1, **query: str) -> Any:
    return client.get(reverse("programs:half_year", args=[2026, half]), query)


@pytest.mark.slow
def test_programme_says_what_when_where_for_half_a_year(client: Client) -> None:
    make_event(
        "Grundschulung",
        kind="training",
        starts_at=at(1, 1, 0),
        ends_at=at(1, 1, 2),
        takes_registrations=True,
    )
    make_event("Bürgerdialog Wohnen", kind="dialogue", starts_at=at(6, 30, 23), ends_at=at(7, 1, 1))
    make_event("Abgesagt", starts_at=at(3, 20), is_cancelled=True)
    make_event("Im Herbst", starts_at=at(9, 1))
    response = programme(client)
    assert response["Content-Type"] == "application/pdf"
    text = text_of(response.content)
    for part in (
        "Januar bis Juni 2026",
        "Stand: 10. März 2026",
        "Januar 2026",
        "Grundschulung",
        "mit Anmeldung",
        "Rathaus Stuttgart",
        "Bürgerdialog Wohnen",
        "23:00 Uhr bis 1. Juli, 01:00 Uhr",
    ):
        assert part in text
    assert "Abgesagt" not in text
    assert "Im Herbst" not in text
    text = text_of(programme(client, art="schulung").content)
    assert "Grundschulung" in text
    assert "Bürgerdialog Wohnen" not in text


@pytest.mark.slow
def test_programme_is_tagged_in_its_headings(client: Client) -> None:
    for number in range(30):
        make_event(f"Schulung {number}", summary="Ein Satz. " * 20, starts_at=at(3, 1 + number))
    pdf = programme(client).content
    root = read(pdf).trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"]["/K"])
    assert (tags.count("/H1"), tags.count("/H2"), tags.count("/H3")) == (1, 1, 30)
    assert len(read(pdf).pages) > 1


@pytest.mark.slow
def test_programme_prints_whatever_was_typed(client: Client) -> None:
    make_event(
        "\u202eUmgedreht \U0010ffff #panic() <b>" + "x" * 100,
        summary="שלום " * 50,
        starts_at=at(3, 20),
    )
    assert "panic" in text_of(programme(client).content)


def test_half_year_without_events_has_no_programme(client: Client) -> None:
    make_event("Im März", starts_at=at(3, 20))
    assert programme(client, 2).status_code == 404
    assert client.get("/halbjahresprogramm/2026-3.pdf").status_code == 404
    assert client.get("/halbjahresprogramm/0-1.pdf").status_code == 404
    page = client.get(reverse("programs:event_list")).text
    assert "Januar bis Juni 2026 (PDF)" in page
    assert "Juli bis Dezember 2026 (PDF)" not in page


def test_month_is_new_when_an_event_changes(client: Client) -> None:
    event = make_event("Vorher", starts_at=at(3, 20))
    assert "Vorher" in month_page(client).text
    Event.objects.filter(pk=event.pk).update(title="Nachher")
    assert "Nachher" in month_page(client).text
