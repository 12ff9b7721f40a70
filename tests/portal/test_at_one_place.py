"""What is at one place is nowhere called „in der ganzen Stadt“, also where nobody knows the district."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal.catalogue import CatalogueFilter
from portal.reference.files import DATA, read_records
from portal.reference.kinds import KINDS
from portal.sharing.poster import _entry_facts
from portal.sharing.shown import entries, shown_by
from programs.models import Entry
from tests.factories import (
    make_circle,
    make_clearing_office,
    make_district,
    make_entry,
    make_initiative,
    make_programme,
    make_room,
)

pytestmark = pytest.mark.django_db

PLACE = "Unterkunft Ziegelbrennerstraße"
MAKERS = [make_entry, make_programme, make_circle, make_initiative]
EVERYWHERE = "ganzen Stadt"


def titles(query: str) -> list[str]:
    found = CatalogueFilter(data=QueryDict(query))
    assert found.is_valid()
    names = dict(Entry.objects.values_list("pk", "title"))
    return [names[key] for key in found.keys]


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def entry(request: pytest.FixtureRequest) -> Entry:
    make: Callable[..., Entry] = request.param
    office = make_clearing_office()
    more = {} if make in (make_circle, make_initiative) else {"organisation": office}
    made = make("Begleitung im Haus", located_at=PLACE, department=office, **more)
    return Entry.objects.get(pk=made.pk)


@pytest.mark.slow
def test_page_card_picture_and_poster_name_the_place(client: Client, entry: Entry) -> None:
    page = client.get(entry.get_absolute_url()).text
    assert PLACE in page
    assert EVERYWHERE not in page
    assert PLACE in client.get(reverse("portal:catalogue")).text
    shown = shown_by(entries().get(pk=entry.pk))
    assert (shown.where, shown.districts) == (PLACE, ())
    (where,) = (fact.lines for fact in _entry_facts(entry) if fact.label == "Wo")
    assert where == (PLACE,)


def test_lists_of_the_whole_city_leave_it_out(client: Client, entry: Entry) -> None:
    make_entry("Überall")
    assert "district:all" not in entry.facets
    assert titles("bezirk=ganze-stadt") == ["Überall"]
    district = make_district("feuerbach")
    city = client.get(district.get_absolute_url()).context["whole_city"]
    assert [card["title"] for card in city] == ["Überall"]
    assert client.get(reverse("portal:map")).context["whole_city_count"] == 1


def test_search_finds_it_by_its_place_and_not_for_every_district(entry: Entry) -> None:
    make_district("feuerbach")
    make_entry("Überall")
    assert titles("q=Ziegelbrennerstraße") == ["Begleitung im Haus"]
    assert titles("q=Feuerbach") == ["Überall"]


def test_near_a_place_it_comes_last_because_nobody_knows_how_far(entry: Entry) -> None:
    make_entry("Überall")
    make_entry("Weit weg", districts=[make_district("obertuerkheim")])
    make_district("sued")
    assert titles("ort=Süd") == ["Überall", "Weit weg", "Begleitung im Haus"]


def test_place_stands_beside_a_known_district(client: Client, entry: Entry) -> None:
    entry.districts.add(make_district("feuerbach"))
    page = client.get(reverse("portal:catalogue")).text
    assert f"{PLACE} · Feuerbach" in page
    shown = shown_by(entries().get(pk=entry.pk))
    assert (shown.where, shown.districts) == (f"{PLACE}, Stadtbezirk Feuerbach", ("10",))


def test_without_the_place_it_is_in_the_whole_city_again(client: Client, entry: Entry) -> None:
    Entry.objects.update(located_at="")
    assert "district:all" in Entry.objects.get(pk=entry.pk).facets
    assert EVERYWHERE in client.get(entry.get_absolute_url()).text


def test_room_without_a_district_is_at_one_place_too(client: Client) -> None:
    make_clearing_office()
    room = make_room("Raum", place="Haus am Markt")
    assert "district:all" not in Entry.objects.get(pk=room.pk).facets
    page = client.get(room.get_absolute_url()).text
    assert "Haus am Markt" in page
    assert EVERYWHERE not in page
    nowhere = make_room("Raum ohne Anschrift")
    assert "Bitte fragen Sie nach dem Ort." in client.get(nowhere.get_absolute_url()).text


def test_place_is_text_and_no_html(client: Client) -> None:
    make_clearing_office()
    entry = make_entry("Offen", located_at="<b>Haus</b> & Hof")
    for address in (entry.get_absolute_url(), reverse("portal:catalogue")):
        page = client.get(address).text
        assert "&lt;b&gt;Haus&lt;/b&gt; &amp; Hof" in page
        assert "<b>Haus" not in page


def test_projects_of_one_shelter_in_the_starting_data_name_it() -> None:
    (programmes,) = (kind for kind in KINDS if kind.name == "programme")
    found = {one["slug"]: one for one in read_records(DATA, *programmes.files)}
    assert found["reboot"]["located_at"] == PLACE
    assert found["projekt-nordbahnhofstrasse"]["located_at"] == "Nordbahnhofstraße"
