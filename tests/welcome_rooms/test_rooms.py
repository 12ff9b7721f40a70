"""Welcome rooms: open today, carriers over time."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import Client

from tests.factories import (
    BERLIN,
    make_carrier_period,
    make_clearing_office,
    make_entry,
    make_opening_hours,
    make_organisation,
    make_room,
    make_room_offer,
)
from welcome_rooms.models import CarrierPeriod, Closure, WelcomeRoom
from welcome_rooms.opening import next_dates, opening_today, weekly_hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> WelcomeRoom:
    make_clearing_office()
    return make_room()


def monday(hour: int, minute: int = 0, second: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 3, 2, hour, minute, second, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (monday(0), "later"),
        (monday(16, 59, 59), "later"),
        (monday(17), "open"),
        (monday(19, 59, 59), "open"),
        (monday(20), "over"),
        (monday(23, 59, 59), "over"),
        (monday(0) + datetime.timedelta(days=1), "closed"),
        (monday(17) + datetime.timedelta(days=1), "closed"),
    ],
)
def test_open_from_the_first_minute_up_to_the_last(
    room: WelcomeRoom, now: datetime.datetime, state: str
) -> None:
    make_opening_hours(room, weekday=0, opens="17:00", closes="20:00")
    with time_machine.travel(now, tick=False):
        today = opening_today(room)
    assert today.state == state
    assert today.text == (
        "heute geschlossen" if state == "closed" else "heute geöffnet von 17 bis 20 Uhr"
    )


def test_two_spans_a_day_with_a_break(room: WelcomeRoom) -> None:
    make_opening_hours(room, opens="15:30", closes="18:00")
    make_opening_hours(room, opens="10:00", closes="12:00")
    states = {hour: opening_today(room, monday(hour)).state for hour in (9, 10, 12, 16, 18)}
    assert states == {9: "later", 10: "open", 12: "later", 16: "open", 18: "over"}
    words = "heute geöffnet von 10 bis 12 Uhr und von 15:30 bis 18:00 Uhr"
    assert opening_today(room, monday(9)).text in (words, words.replace("18:00", "18"))


@pytest.mark.parametrize("day", [29, 30])
def test_today_is_the_day_in_stuttgart_across_the_change_to_summer_time(
    room: WelcomeRoom, day: int
) -> None:
    """Half past midnight is still the day before in UTC, on the day of the change and after it."""
    make_opening_hours(
        room, weekday=datetime.date(2026, 3, day).weekday(), opens="00:15", closes="01:00"
    )
    with time_machine.travel(datetime.datetime(2026, 3, day, 0, 30, tzinfo=BERLIN), tick=False):
        assert opening_today(room).state == "open"


def test_unknown_hours_are_not_taken_for_closed(client: Client, room: WelcomeRoom) -> None:
    assert opening_today(room).state == "unknown"
    assert weekly_hours(room) == []
    page = client.get(room.get_absolute_url()).text
    assert "Öffnungszeiten nicht bekannt" in page
    assert "geschlossen" not in page


@time_machine.travel(monday(18), tick=False)
def test_page_shows_week_offers_and_carriers(client: Client, room: WelcomeRoom) -> None:
    make_opening_hours(room, weekday=0)
    make_room_offer(room, "Frauencafé", note="jeden zweiten Montag")
    former = make_organisation("Evangelische Kirchengemeinde")
    make_carrier_period(room, organisation=former, until=datetime.date(2020, 11, 30))
    make_carrier_period(room, since=datetime.date(2020, 12, 1), note="seit Winter 2020")
    make_entry("Kaffee kochen", part_of=room, organisation=room.organisation)
    WelcomeRoom.objects.update(
        funder="Abteilung Sozialplanung", funding_programme="Pakt für Integration"
    )
    page = client.get(room.get_absolute_url()).text
    for words in (
        "heute geöffnet von 17 bis 20 Uhr",
        "17:00–20:00",
        "Frauencafé",
        "jeden zweiten Montag",
        "Evangelische Kirchengemeinde",
        "bis 30.11.2020",
        "seit Winter 2020",
        "Abteilung Sozialplanung",
        "Pakt für Integration",
        "Kaffee kochen",
    ):
        assert words in page, words
    assert (
        "Willkommensraum Feuerbach</a>, bis 30.11.2020"
        in client.get(former.get_absolute_url()).text
    )


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        ("2020-12-01", None, True),
        ("2020-11-30", None, False),
        ("2018-01-01", "2018-02-28", True),
        ("2018-01-01", "2018-03-01", False),
        (None, "2018-02-28", True),
        (None, None, False),
        ("2019-01-01", "2019-12-31", False),
    ],
)
def test_database_refuses_overlapping_carriers(
    room: WelcomeRoom, since: str | None, until: str | None, *, allowed: bool
) -> None:
    first = datetime.date(2018, 3, 1), datetime.date(2020, 11, 30)
    make_carrier_period(room, since=first[0], until=first[1])
    dates = [value and datetime.date.fromisoformat(value) for value in (since, until)]
    period = CarrierPeriod(
        room=room, organisation=make_organisation(), since=dates[0] or None, until=dates[1] or None
    )
    if allowed:
        period.full_clean()
        period.save()
        return
    with pytest.raises(ValidationError, match="schon einen Träger"):
        period.full_clean()
    with (
        pytest.raises(IntegrityError, match="carrier_periods_do_not_overlap"),
        transaction.atomic(),
    ):
        period.save()


def test_other_room_may_have_the_same_carrier_at_the_same_time(room: WelcomeRoom) -> None:
    other = make_room("Willkommensraum Mitte", organisation=room.organisation)
    since = datetime.date(2018, 3, 1)
    make_carrier_period(room, since=since)
    make_carrier_period(other, since=since)
    assert CarrierPeriod.objects.count() == 2


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(48.77, None), (None, 9.18), (9.18, 48.77), (52.5, 13.4), (float("nan"), 9.18)],
)
def test_database_refuses_half_a_point_and_one_far_from_stuttgart(
    room: WelcomeRoom, latitude: float | None, longitude: float | None
) -> None:
    room.latitude, room.longitude = latitude, longitude
    with pytest.raises(ValidationError, match="Bitte Breite"):
        room.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        room.save()


@pytest.mark.parametrize("typed", ["48,7754", "48.7754"])
def test_latitude_may_have_a_comma_or_a_point(typed: str) -> None:
    form = admin.site.get_model_admin(WelcomeRoom)
    field = form.formfield_for_dbfield(WelcomeRoom._meta.get_field("latitude"), HttpRequest())
    assert field.clean(typed) == 48.7754


ASK = "Bitte fragen Sie, bevor Sie sich auf den Weg machen."


def test_a_room_without_known_hours_says_how_to_ask(client: Client, room: WelcomeRoom) -> None:
    WelcomeRoom.objects.update(phone="0711 216-0", phone_hours="Mo–Do 9–12 Uhr")
    page = client.get(room.get_absolute_url()).text
    assert ASK in page
    after = page[page.index(ASK) :]
    assert 'href="tel:+497112160"' in after
    assert "Mo–Do 9–12 Uhr" in after
    assert f'href="/fragen/{room.slug}/"' in after
    make_opening_hours(room)
    assert ASK not in client.get(room.get_absolute_url()).text


def test_an_ended_room_sends_nobody_to_its_door(client: Client, room: WelcomeRoom) -> None:
    WelcomeRoom.objects.update(status="ended")
    assert ASK not in client.get(room.get_absolute_url()).text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-23", "heute geöffnet von 17 bis 20 Uhr"),
        ("2026-12-20", "heute geschlossen"),
        ("2026-12-21", "heute geschlossen (Winterpause)"),
        ("2027-01-04", "heute geschlossen (Winterpause)"),
        ("2027-01-11", "heute geöffnet von 17 bis 20 Uhr"),
        ("2027-03-29", "heute geschlossen (Ostermontag)"),
    ],
)
def test_closed_on_holidays_and_during_a_closure(room: WelcomeRoom, day: str, words: str) -> None:
    make_opening_hours(room, weekday=0)
    Closure.objects.create(
        room=room, first_day="2026-12-21", last_day="2027-01-04", reason="Winterpause"
    )
    room.refresh_from_db()
    now = datetime.datetime.combine(
        datetime.date.fromisoformat(day), datetime.time(18), tzinfo=BERLIN
    )
    assert opening_today(room, now).text == words


def test_a_room_may_be_open_on_holidays(room: WelcomeRoom) -> None:
    make_opening_hours(room, weekday=0)
    room.open_on_holidays = True
    easter_monday = datetime.datetime(2027, 3, 29, 18, tzinfo=BERLIN)
    assert opening_today(room, easter_monday).state == "open"


@time_machine.travel(datetime.datetime(2026, 12, 7, 12, tzinfo=BERLIN), tick=False)
def test_next_dates_of_an_offer_leave_out_holidays_closures_and_what_has_ended(
    client: Client, room: WelcomeRoom
) -> None:
    weekly = make_room_offer(room, "Frauencafé", weekday=4, starts="17:00", ends="19:30")
    make_room_offer(room, "Chor", weekday=1, until=datetime.date(2026, 12, 6))
    Closure.objects.create(room=room, first_day="2026-12-18", last_day="2026-12-18")
    weekly.refresh_from_db()
    assert next_dates(room, weekly, datetime.date(2026, 12, 7)) == [
        datetime.date(2026, 12, 11),
        datetime.date(2027, 1, 8),
        datetime.date(2027, 1, 15),
    ]
    page = client.get(room.get_absolute_url()).text
    assert "jeden Freitag, 17 bis 19:30 Uhr" in page
    assert "Nächste Termine: 11. Dezember, 8. Januar, 15. Januar" in page
    assert "Am 18. Dezember geschlossen" in page
    assert "Chor" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": datetime.time(17)},
        {"weekday": 1, "starts": datetime.time(17), "ends": datetime.time(17)},
    ],
)
def test_offer_whose_time_cannot_be_is_refused(room: WelcomeRoom, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_room_offer(room, **wrong)
