"""Visit counts: entered on the phone, kept once a day and offer, added up by month."""

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from programs.addresses import admin_path
from programs.models import Membership
from tests.factories import (
    BERLIN,
    make_clearing_office,
    make_district,
    make_member,
    make_opening_hours,
    make_organisation,
    make_room,
    make_room_offer,
    make_visit_count,
)
from volunteers.models import User
from welcome_rooms.models import RoomOffer, VisitCount, WelcomeRoom
from welcome_rooms.visits import Count, by_month, keep_counts, offers_on

WEDNESDAY = datetime.date(2026, 11, 25)


def counts() -> list[tuple[datetime.date, str | None, int, bool]]:
    kept = VisitCount.objects.order_by("day", "offer__title")
    return list(kept.values_list("day", "offer__title", "number", "is_estimate"))


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(2026, 11, 25, 18, tzinfo=BERLIN), tick=False):
        yield


@pytest.fixture
def room(db: None) -> WelcomeRoom:
    make_clearing_office()
    return make_room()


@pytest.fixture
def cafe(room: WelcomeRoom) -> RoomOffer:
    return make_room_offer(room, "Begegnungscafé", weekday=2, starts="17:00", ends="20:00")


@pytest.fixture
def people_of_the_room(client: Client, room: WelcomeRoom) -> User:
    user = make_member(room.organisation).user
    client.force_login(user)
    return user


def page_of(room: WelcomeRoom, **query: str) -> str:
    return admin_path(room, "visits", **query)


def posted(day: datetime.date, cells: dict[int | None, tuple[str, bool]]) -> dict[str, str]:
    """What a browser sends for an empty page of ``day``: numbers and ticks by offer."""
    sent = {}
    for offer, (number, is_estimate) in cells.items():
        name = f"{day:%Y%m%d}-{offer or 'rest'}"
        sent |= {name: number, f"initial-{name}": ""}
        sent |= {f"{name}-geschaetzt": "on"} if is_estimate else {}
        sent |= {f"initial-{name}-geschaetzt": "False"}
    return sent


def test_offers_of_the_day_come_first_then_those_without_a_day(
    room: WelcomeRoom, cafe: RoomOffer
) -> None:
    garden = make_room_offer(room, "Garten")
    monday = make_room_offer(room, "Frauencafé", weekday=0)
    make_room_offer(room, "Chor", weekday=2, until=WEDNESDAY - datetime.timedelta(days=1))
    make_room_offer(room, "Kino", since=WEDNESDAY + datetime.timedelta(days=1))
    assert offers_on(room, WEDNESDAY) == [cafe, garden]
    assert offers_on(room, WEDNESDAY, {(WEDNESDAY, monday.pk)}) == [cafe, monday, garden]


@pytest.mark.usefixtures("people_of_the_room")
def test_today_in_one_form(client: Client, room: WelcomeRoom, cafe: RoomOffer) -> None:
    page = client.get(page_of(room)).text
    assert "Heute, 25. November" in page
    assert "Begegnungscafé" in page
    sent = posted(WEDNESDAY, {cafe.pk: ("23", False), None: ("5", True)})
    answer = client.post(page_of(room), sent, follow=True)
    assert "Gespeichert. Danke!" in answer.text
    assert counts() == [
        (WEDNESDAY, "Begegnungscafé", 23, False),
        (WEDNESDAY, None, 5, True),
    ]


@pytest.mark.usefixtures("people_of_the_room")
def test_a_double_click_keeps_one_count(client: Client, room: WelcomeRoom, cafe: RoomOffer) -> None:
    for _click in range(2):
        client.post(page_of(room), posted(WEDNESDAY, {cafe.pk: ("23", False), None: ("", False)}))
    assert [number for _day, _offer, number, _estimate in counts()] == [23]


@pytest.mark.usefixtures("people_of_the_room")
def test_a_whole_week_afterwards_without_days_to_come(
    client: Client, room: WelcomeRoom, cafe: RoomOffer
) -> None:
    last_week = WEDNESDAY - datetime.timedelta(days=7)
    page = client.get(page_of(room, tag="2026-11-19", woche="1")).text
    assert "Montag, 16. November 2026" in page
    assert "Sonntag, 22. November 2026" in page
    sent = posted(last_week, {cafe.pk: ("31", False)})
    sent |= posted(last_week - datetime.timedelta(days=1), {None: ("4", True)})
    client.post(page_of(room, tag="2026-11-19", woche="1"), sent)
    assert [row[:3] for row in counts()] == [
        (last_week - datetime.timedelta(days=1), None, 4),
        (last_week, "Begegnungscafé", 31),
    ]
    assert "Donnerstag, 26. November" not in client.get(page_of(room, woche="1")).text


@pytest.mark.usefixtures("people_of_the_room")
def test_an_emptied_field_removes_the_count_and_zero_is_a_count(
    client: Client, room: WelcomeRoom, cafe: RoomOffer
) -> None:
    make_visit_count(room, WEDNESDAY, offer=cafe, number=9)
    name = f"20261125-{cafe.pk}"
    shown = {f"initial-{name}": "9", f"initial-{name}-geschaetzt": "False"}
    client.post(page_of(room), shown | {name: ""})
    assert not counts()
    client.post(page_of(room), posted(WEDNESDAY, {cafe.pk: ("0", False)}))
    assert [row[2] for row in counts()] == [0]


@pytest.mark.usefixtures("people_of_the_room")
@pytest.mark.parametrize(
    "number", ["-1", "5001", "9" * 400, "viele", "<b>12</b>", "12\x00", "1.5", "\u202e12"]
)
def test_unfriendly_numbers_get_a_sentence_and_stay(
    client: Client, room: WelcomeRoom, cafe: RoomOffer, number: str
) -> None:
    answer = client.post(page_of(room), posted(WEDNESDAY, {cafe.pk: (number, True)}))
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert "<b>12</b>" not in answer.text
    assert not counts()


@pytest.mark.usefixtures("people_of_the_room")
@pytest.mark.parametrize("day", ["", "gestern", "2026-13-01", "2026-11-26", "1066-10-14", "\x00"])
def test_a_day_that_cannot_be_is_today(client: Client, room: WelcomeRoom, day: str) -> None:
    assert "Heute, 25. November" in client.get(page_of(room, tag=day)).text


@pytest.mark.usefixtures("people_of_the_room")
def test_who_changes_what_somebody_else_has_entered_is_told(
    client: Client, room: WelcomeRoom, cafe: RoomOffer
) -> None:
    make_visit_count(room, WEDNESDAY, offer=cafe, number=17)
    answer = client.post(page_of(room), posted(WEDNESDAY, {cafe.pk: ("23", False)}))
    assert answer.status_code == 422
    assert "inzwischen jemand anderes geändert" in answer.text
    assert [row[2] for row in counts()] == [17]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_leave_one_count() -> None:
    make_clearing_office()
    room = make_room()
    cafe = make_room_offer(room, weekday=2)
    cells = [(WEDNESDAY, cafe.pk), (WEDNESDAY, None)]

    def save(number: int) -> None:
        try:
            keep_counts(room=room, counts=dict.fromkeys(cells, Count(number, is_estimate=False)))
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as executor:
        list(executor.map(save, range(8)))
    numbers = list(VisitCount.objects.values_list("number", flat=True))
    assert len(numbers) == 2
    assert len(set(numbers)) == 1


def test_other_organisations_do_not_find_the_page(client: Client, room: WelcomeRoom) -> None:
    client.force_login(make_member(make_organisation("Andere")).user)
    assert client.get(page_of(room)).status_code == 404


@pytest.mark.parametrize("role", [Membership.Role.REPORTING])
def test_who_only_reports_sees_and_enters_nothing(
    client: Client, room: WelcomeRoom, cafe: RoomOffer, role: str
) -> None:
    client.force_login(make_member(room.organisation, role=role).user)
    assert "Speichern" not in client.get(page_of(room)).text
    answer = client.post(page_of(room), posted(WEDNESDAY, {cafe.pk: ("5", False)}))
    assert answer.status_code == 403
    assert not counts()


def test_sums_by_month_say_how_much_is_estimated(room: WelcomeRoom, cafe: RoomOffer) -> None:
    make_visit_count(room, WEDNESDAY, offer=cafe, number=30)
    make_visit_count(room, WEDNESDAY, number=10, is_estimate=True)
    make_visit_count(room, datetime.date(2026, 10, 31), number=7, is_estimate=True)
    assert [(f"{m.first_day:%m.%Y}", m.number, m.share) for m in by_month(VisitCount.objects)] == [
        ("11.2026", 40, 25),
        ("10.2026", 7, 100),
    ]


@pytest.mark.usefixtures("people_of_the_room")
def test_months_by_room_district_and_city_for_ones_own_rooms(
    client: Client, room: WelcomeRoom
) -> None:
    room.districts.set([make_district()])
    make_visit_count(room, WEDNESDAY, number=30)
    make_visit_count(
        make_room("Fremd", organisation=make_organisation("X")), WEDNESDAY, number=4321
    )
    months = admin_path(VisitCount, "months")
    for split, words in (("raum", room.title), ("bezirk", "Feuerbach"), ("stadt", "ganze Stadt")):
        page = client.get(months, {"nach": split}).text
        assert words in page
        assert "30" in page
        assert "4321" not in page
    assert client.get(months, {"nach": "irgendwas"}).status_code == 200


@pytest.mark.usefixtures("people_of_the_room")
def test_as_many_queries_for_a_week_of_ten_offers_as_for_a_day_of_one(
    client: Client, room: WelcomeRoom, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(10):
        offer = make_room_offer(room, f"Angebot {n}")
        make_visit_count(room, WEDNESDAY, offer=offer)
    with django_assert_max_num_queries(10):
        client.get(page_of(room, woche="1"))


@pytest.mark.slow
def test_an_offer_with_counts_is_ended_not_deleted(client: Client, cafe: RoomOffer) -> None:
    """Its figures would be lost."""
    make_visit_count(cafe.room, WEDNESDAY, offer=cafe)
    room = cafe.room
    client.force_login(make_member(room.organisation).user)
    page = client.get(admin_path(room))
    form = {
        name: "" if (value := field.value()) is None else value
        for formset in page.context["inline_admin_formsets"]
        for one in [formset.formset.management_form, *formset.formset.forms]
        for name, field in ((f.html_name, f) for f in one)
    }
    form |= {"offers-0-DELETE": "on"}
    client.post(admin_path(room), form)
    assert RoomOffer.objects.filter(pk=cafe.pk).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("people_of_the_room")
def test_the_start_page_leads_to_the_room_that_is_open_today_and_not_counted(
    client: Client, room: WelcomeRoom
) -> None:
    start = reverse("admin:index")
    assert page_of(room) not in client.get(start).text
    make_opening_hours(room, weekday=2)
    assert page_of(room) in client.get(start).text
    make_visit_count(room, WEDNESDAY)
    assert page_of(room) not in client.get(start).text
