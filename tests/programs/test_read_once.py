"""What is read once for a version of the content and a day: never older than that, and only for public pages."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs import read_once as module
from programs import versions
from programs.models import Entry, Organisation
from programs.read_once import read_once
from tests import factories
from tests.shown import make_voice
from volunteers.errors import NotOpen
from volunteers.models import Application
from volunteers.reads.answering import answering_organisation
from volunteers.services.applications import submit_application

NOON = "2026-06-10T12:00:00+02:00"
EVENING = datetime.datetime.fromisoformat("2026-06-10T18:00:00+02:00")


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def read(transactional_db: None, clock: Any) -> tuple[list[int], Callable[[], int]]:
    factories.make_clearing_office()
    made: list[int] = []

    def number() -> int:
        made.append(len(made))
        return made[-1]

    return made, number


def test_it_is_read_anew_after_a_change_and_on_the_next_day(
    read: tuple[list[int], Callable[[], int]], clock: Any
) -> None:
    def seen() -> int:
        with versions.one_version():
            return read_once("number", read[1])

    first = [seen(), seen()]
    factories.make_entry()
    changed = [seen(), seen()]
    clock.shift(12 * 3600)
    assert [*first, *changed, seen()] == [0, 0, 1, 1, 2]


def test_whoever_writes_reads_for_themselves(read: tuple[list[int], Callable[[], int]]) -> None:
    assert [read_once("number", read[1]) for _time in range(2)] == [0, 1]


@pytest.mark.slow
def test_a_form_that_is_sent_asks_for_the_content_once(
    transactional_db: None, client: Client
) -> None:
    factories.make_member(factories.make_clearing_office())
    path = reverse("volunteers:sign_up_entry", args=[factories.make_entry().slug])
    told = {"name": "Amina", "age": "adult", "consent": "on"}
    client.post(path, told | {"email": "amina@example.org"})
    with CaptureQueriesContext(connection) as asked:
        client.post(path, told | {"email": "leyla@example.org"})
    assert Application.objects.count() == 2
    assert not [one for one in asked if 'FROM "programs_entry"' in one["sql"]]
    assert len(asked) <= 22


def test_a_form_that_is_sent_sees_what_was_changed_after_it_was_read(
    transactional_db: None, clock: Any
) -> None:
    office = factories.make_clearing_office()
    cafe = factories.make_entry(title="Sprachcafé", organisation=factories.make_organisation())
    membership = factories.make_member(cafe.organisation)
    told = {"name": "Amina", "email": "amina@example.org", "age": "adult"}
    with versions.one_version():
        assert answering_organisation(cafe, by_link=True) == cafe.organisation
        membership.delete()
        submit_application(entry=cafe, answers=told)
    assert Application.objects.get().organisation.pk == office.pk

    with versions.one_version():
        assert answering_organisation(None) == office
        Organisation.objects.update(is_clearing_office=False)
        other = factories.make_organisation("Integrationspolitik", is_clearing_office=True)
        submit_application(entry=None, answers=told)
    assert Application.objects.get(entry=None).organisation == other

    with versions.one_version():
        Entry.objects.filter(pk=cafe.pk).update(status=Entry.Status.ENDED)
        with pytest.raises(NotOpen):
            submit_application(entry=cafe, answers=told)


def test_nothing_is_an_answer_and_an_error_is_none(transactional_db: None) -> None:
    asked = []

    def nothing() -> None:
        asked.append("nothing")

    def fails() -> None:
        asked.append("fails")
        raise Entry.DoesNotExist

    with versions.one_version():
        for _time in range(2):
            assert read_once("nothing", nothing) is None
            with pytest.raises(Entry.DoesNotExist):
                read_once("fails", fails)
    assert asked == ["nothing", "fails", "fails"]


def test_no_more_is_kept_than_the_bound(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    with versions.one_version():
        for number in range(10):
            assert read_once(("key", number), lambda number=number: number) == number
            assert len(module._remembered[0][1]) <= 3


@pytest.fixture
def pages(transactional_db: None, clock: Any) -> list[str]:
    """The pages of one entry of each kind, with all that belongs to it."""
    office = factories.make_clearing_office(phone="0711 2160")
    circle = factories.make_circle()
    programme = factories.make_programme(organisation=office)
    factories.make_protection(programme)
    places = [factories.make_district()]
    entry = factories.make_entry(organisation=circle, part_of=programme, places=3, districts=places)
    room = factories.make_room("Raum", organisation=office)
    made = [entry, programme, room, circle, factories.make_initiative(), office]
    for one in made:
        make_voice(one)
        owner = one if isinstance(one, Organisation) else office
        factories.make_event(part_of=one, organisation=owner, starts_at=EVENING)
    return [one.get_absolute_url() for one in made]


def forget() -> None:
    for cache in caches.all():
        cache.clear()


@pytest.mark.slow
def test_pages_of_entries_are_the_same_as_when_everything_is_read(
    pages: list[str], clock: Any, client: Client
) -> None:
    for hours in (0, 9):  # in the evening the events are over
        clock.shift(hours * 3600)
        for page in [*pages, *(f"/en{page}" for page in pages)]:
            shown = []
            for _time in range(2):
                shown.append(client.get(page).text)
                forget()
            module._remembered.clear()
            assert shown == [client.get(page).text] * 2, page
            assert ("Einführungsabend" in shown[0]) == (hours == 0), page
            forget()


def test_page_that_is_made_anew_each_minute_asks_for_the_version_alone(
    pages: list[str], clock: Any, client: Client, django_assert_num_queries: Any
) -> None:
    client.get(pages[0])
    clock.shift(60)
    with django_assert_num_queries(1):
        assert client.get(pages[0]).status_code == 200
    Application.objects.create(
        entry=Entry.objects.get(slug=pages[0].strip("/").split("/")[-1]),
        organisation=factories.make_organisation(),
        status="new",
        confirmed_at=NOON,
        name="Amina",
        email="amina@example.org",
    )
    assert "Noch 2 Plätze frei." in client.get(pages[0]).text
