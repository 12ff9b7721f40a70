"""The catalogue: facets, counts, search, sort order and any query string."""

import datetime
import itertools
import random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from portal.catalogue import CatalogueFilter
from programs.models import Entry
from tests.factories import (
    make_application,
    make_circle,
    make_clearing_office,
    make_district,
    make_districts,
    make_entry,
    make_event,
    make_field,
    make_initiative,
    make_organisation,
    make_programme,
    make_room,
    make_target_group,
)

pytestmark = pytest.mark.django_db

FIELDS = ("Sprache", "Arbeit", "Wohnen")
GROUPS = ("Familien", "Jugendliche")
LANGUAGES = ("ar", "uk", "tr")
DAYPARTS = {"morning": "vormittags", "afternoon": "nachmittags", "evening": "abends"}
DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
KINDS = {
    "opportunity": "einsatz",
    "programme": "programm",
    "room": "willkommensraum",
    "circle": "freundeskreis",
    "initiative": "initiative",
}


def fill(number: int, seed: int = 1) -> None:
    """``number`` entries of all kinds with random values, the same for the same seed."""
    chance = random.Random(seed)
    districts = list(make_districts().values())
    fields = [make_field(name) for name in FIELDS]
    groups = [make_target_group(name) for name in GROUPS]
    owner = make_organisation("Evangelische Gesellschaft")
    for index in range(number):
        facts: dict[str, Any] = {
            "districts": chance.sample(districts, chance.choice([0, 1, 2])),
            "fields": chance.sample(fields, chance.choice([0, 1, 2])),
            "target_groups": chance.sample(groups, chance.choice([0, 1])),
            "languages": chance.sample(LANGUAGES, chance.choice([0, 1, 2])),
            "weekdays": chance.sample(range(7), chance.choice([0, 1, 2])),
            "dayparts": chance.sample(list(DAYPARTS), chance.choice([0, 1])),
            "without_german": chance.random() < 0.3,
            "newcomers_welcome": chance.random() < 0.3,
            "for_groups": chance.random() < 0.3,
            "summary": chance.choice(["Wir kochen zusammen", "Hilfe im Garten"]),
        }
        make = (make_entry, make_programme, make_room, make_circle, make_initiative)[index % 5]
        if make in (make_entry, make_programme, make_room):
            facts |= {"organisation": owner, "places": chance.choice([None, 3])}
        make(f"Angebot {index}", **facts)


def asked(query: str) -> CatalogueFilter:
    found = CatalogueFilter(data=QueryDict(query))
    assert found.is_valid()
    return found


def names(found: CatalogueFilter) -> set[str]:
    return set(Entry.objects.filter(pk__in=found.keys).values_list("title", flat=True))


def values_of(entry: Entry) -> dict[str, set[str]]:
    """The values of an entry in each facet, read from its columns and not through ``facets``."""
    return {
        "art": {KINDS[entry.kind]},
        "feld": {field.slug for field in entry.fields.all()},
        "gruppe": {group.slug for group in entry.target_groups.all()},
        "bezirk": {one.slug for one in entry.districts.all()}
        or (set() if entry.kind == Entry.Kind.ROOM else {"ganze-stadt"}),  # a room is one place
        "tag": {DAYS[day] for day in entry.weekdays},
        "zeit": {DAYPARTS[part] for part in entry.dayparts},
        "sprache": set(entry.languages),
        "ohne-deutsch": {"1"} if entry.without_german else set(),
        "fuer-neue": {"1"} if entry.newcomers_welcome else set(),
        "fuer-gruppen": {"1"} if entry.for_groups else set(),
    }


def naive(chosen: dict[str, set[str]]) -> tuple[set[str], dict[str, dict[str, int]]]:
    """Names and counts, by going through all entries for every option."""
    entries = [
        (entry, values_of(entry))
        for entry in Entry.objects.joinable().prefetch_related(
            "fields", "districts", "target_groups"
        )
    ]

    def fits(values: dict[str, set[str]], *, but: str = "") -> bool:
        return all(values[facet] & wanted for facet, wanted in chosen.items() if facet != but)

    counts: dict[str, dict[str, int]] = {}
    for facet in values_of(entries[0][0]):
        counts[facet] = {}
        for _entry, values in entries:
            if fits(values, but=facet):
                for value in values[facet]:
                    counts[facet][value] = counts[facet].get(value, 0) + 1
    return {entry.title for entry, values in entries if fits(values)}, counts


CHOICES = {
    "art": ("einsatz", "freundeskreis"),
    "feld": ("sprache", "arbeit"),
    "gruppe": ("familien",),
    "bezirk": ("feuerbach", "ganze-stadt"),
    "tag": ("montag",),
    "zeit": ("abends",),
    "sprache": ("ar", "uk"),
    "ohne-deutsch": ("1",),
    "fuer-neue": ("1",),
    "fuer-gruppen": ("1",),
}


def combinations() -> list[dict[str, set[str]]]:
    """No facet, each alone, each pair, and some triples; with one and with two values."""
    found: list[dict[str, set[str]]] = [{}]
    for size in (1, 2, 3):
        for facets in itertools.combinations(CHOICES, size):
            found.append({facet: {CHOICES[facet][0]} for facet in facets})
            if size < 3:
                found.append({facet: set(CHOICES[facet]) for facet in facets})
    return found


@pytest.mark.slow
def test_results_and_counts_equal_those_of_going_through_every_entry() -> None:
    fill(60)
    some = 0
    for chosen in combinations():
        query = urlencode([(name, value) for name, values in chosen.items() for value in values])
        found = asked(query)
        expected, counts = naive(chosen)
        assert names(found) == expected, query
        shown = {
            facet: {
                option.value: option.number
                for box in found.facets
                for option in box.options
                if option.name == facet and option.number
            }
            for facet in counts
        }
        assert shown == counts, query
        some += bool(expected)
    assert some > 60


def test_options_that_would_show_nothing_are_left_out_unless_chosen() -> None:
    make_entry("Chor", languages=["ar"], fields=[make_field("Sprache")])
    make_field("Arbeit")
    options = {
        option.value: option for box in asked("feld=arbeit").facets for option in box.options
    }
    assert "ar" not in options
    assert options["sprache"].number == 1
    assert (options["arbeit"].number, options["arbeit"].chosen) == (0, True)


def test_neighbouring_districts_are_included_on_demand() -> None:
    places = make_districts()
    make_entry("Feuerbach", districts=[places["feuerbach"]])
    make_entry("Botnang", districts=[places["botnang"]])
    make_entry("Möhringen", districts=[places["moehringen"]])
    make_entry("Überall")
    assert names(asked("bezirk=feuerbach")) == {"Feuerbach"}
    assert names(asked("bezirk=feuerbach&umkreis=1")) == {"Feuerbach", "Botnang"}
    assert names(asked("bezirk=feuerbach&bezirk=ganze-stadt")) == {"Feuerbach", "Überall"}
    assert names(asked("umkreis=1")) == {"Feuerbach", "Botnang", "Möhringen", "Überall"}


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Behördengang", "Begleitung zu Behördengängen"),
        ("behoerde", "Begleitung zu Behördengängen"),
        ("behorde", "Begleitung zu Behördengängen"),
        ("Behörde", "Begleitung zu Behördengängen"),
        ("Fahrrad werkstatt", "Fahrradwerkstatt"),
    ],
)
def test_search_is_german(client: Client, typed: str, title: str) -> None:
    make_entry("Begleitung zu Behördengängen")
    make_entry("Fahrradwerkstatt")
    page = client.get(reverse("portal:catalogue"), {"q": typed})
    assert [card["title"] for card in page.context["cards"]] == [title]


def test_typing_error_finds_what_was_meant(client: Client) -> None:
    make_programme("WillkommensPaten")
    make_entry("Chor")
    page = client.get(reverse("portal:catalogue"), {"q": "Wilkommenspaten"})
    assert [card["title"] for card in page.context["cards"]] == ["WillkommensPaten"]


def test_facets_that_leave_nothing_are_not_answered_with_similar_names(client: Client) -> None:
    make_entry("Chor")
    page = client.get(reverse("portal:catalogue"), {"q": "Chor", "art": "programm"})
    assert page.context["cards"] == []
    assert "klingen ähnlich" not in page.text
    assert "Dazu haben wir gerade nichts" in page.text
    assert reverse("volunteers:sign_up") in page.text


def test_chips_take_away_one_filter_each(client: Client) -> None:
    make_districts()
    found = asked("q=chor&bezirk=feuerbach&bezirk=botnang&ohne-deutsch=1&sortierung=neu&quark=1")
    chips = {chip.label: chip.query for chip in found.chips}
    assert set(chips) == {"„chor“", "Feuerbach", "Botnang", "ohne Deutschkenntnisse möglich"}
    assert "feuerbach" not in chips["Feuerbach"]
    assert "botnang" in chips["Feuerbach"]
    assert "sortierung=neu" in chips["Feuerbach"]
    assert "quark" not in found.query


def titles(query: str = "") -> list[str]:
    found = dict(Entry.objects.values_list("pk", "title"))
    return [found[key] for key in asked(query).keys]


def test_catalogue_lists_and_counts_what_one_can_join() -> None:
    field = make_field("Sprache")
    make_entry("Offen", fields=[field])
    make_entry("Beendet", status="ended", fields=[field])
    make_entry("Pausiert", status="paused", fields=[field])
    make_entry("Dienst der Stadt", accepts_sign_ups=False)
    assert titles() == ["Offen"]
    numbers = {one.value: one.number for box in asked("").facets for one in box.options}
    assert numbers["sprache"] == numbers["einsatz"] == 1


def test_what_cannot_be_joined_has_its_own_place() -> None:
    field = make_field("Sprache")
    make_entry("Offen", fields=[field])
    make_entry("Beendet", status="ended", fields=[field])
    make_entry("Pausiert", status="paused")
    make_entry("Dienst der Stadt", accepts_sign_ups=False)
    places = {one.label: (one.number, one.query) for one in asked("").besides}
    assert places == {
        "Dienste und Hilfen ohne Anmeldung": (1, "zustand=ohne-anmeldung"),
        "pausiert": (1, "zustand=pausiert"),
        "beendet": (1, "zustand=beendet"),
    }
    assert titles("zustand=beendet") == ["Beendet"]
    assert titles("zustand=ohne-anmeldung") == ["Dienst der Stadt"]
    (one,) = asked("feld=sprache").besides
    assert (one.number, one.query) == (1, "feld=sprache&zustand=beendet")
    (back,) = asked("feld=sprache&zustand=beendet").besides
    assert (back.label, back.query) == ("zum Mitmachen", "feld=sprache")


def test_form_stays_with_what_has_ended(client: Client) -> None:
    make_entry("Vorbei", status="ended")
    hidden = '<input type="hidden" name="zustand" value="beendet">'
    assert hidden in client.get(reverse("portal:catalogue"), {"zustand": "beendet"}).text
    assert hidden not in client.get(reverse("portal:catalogue")).text


def test_search_keeps_what_has_ended_apart_too() -> None:
    make_entry("Chor im Süden")
    make_entry("Chor im Norden", status="ended")
    assert titles("q=chor") == ["Chor im Süden"]
    assert [one.number for one in asked("q=chor").besides] == [1]
    assert titles("q=chor&zustand=beendet") == ["Chor im Norden"]


def test_recommended_is_first_what_was_confirmed_within_a_year() -> None:
    today = timezone.localdate()
    make_entry("A unbestätigt")
    make_entry("B lange her", confirmed_on=today - datetime.timedelta(days=400))
    make_entry("C bestätigt", confirmed_on=today - datetime.timedelta(days=300))
    make_entry("D belegt", evidence_confirmed=True)
    assert titles() == ["C bestätigt", "D belegt", "A unbestätigt", "B lange her"]


def test_recommended_is_then_what_is_soon() -> None:
    now = timezone.now()
    make_entry("A irgendwann")
    soon, late, off = (make_entry(f"{name} mit Termin") for name in ("B", "C", "D"))
    make_event(part_of=soon, starts_at=now + datetime.timedelta(days=10))
    make_event(part_of=late, starts_at=now + datetime.timedelta(days=90))
    make_event(part_of=off, starts_at=now + datetime.timedelta(days=10), is_cancelled=True)
    assert titles()[:2] == ["B mit Termin", "A irgendwann"]


def test_recommended_puts_what_is_full_after_what_has_places() -> None:
    owner = make_organisation()
    full = make_entry("A voll", organisation=owner, places=1)
    make_entry("B mit Plätzen", organisation=owner, places=1)
    make_application(owner, entry=full)
    assert titles() == ["B mit Plätzen", "A voll"]


def test_recommended_mixes_kinds() -> None:
    owner = make_organisation()
    for letter in "ABC":
        make_entry(f"{letter} Einsatz", organisation=owner)
    make_circle("X Kreis")
    make_programme("Y Programm", organisation=owner)
    ordered = [title[0] for title in titles()]
    assert sorted(ordered[:3]) == ["A", "X", "Y"]
    assert ordered[3:] == ["B", "C"]


def test_kept_order_is_that_of_the_content_and_of_the_minute() -> None:
    first = make_entry("A")
    as_if_committed()
    assert titles() == ["A"]
    with CaptureQueriesContext(connection) as context:
        assert titles() == ["A"]
    assert not [one for one in context.captured_queries if "array_to_string" in one["sql"]]
    Entry.objects.filter(pk=first.pk).update(status="ended")
    as_if_committed()
    assert titles() == []


def test_page_explains_recommended(client: Client) -> None:
    make_entry("Chor")
    sentence = "So ist „Empfohlen“ geordnet"
    assert sentence in client.get(reverse("portal:catalogue")).text
    assert sentence not in client.get(reverse("portal:catalogue"), {"sortierung": "neu"}).text


def test_usual_order_is_not_sent_by_the_form(client: Client) -> None:
    """Else whoever types a question would send „Empfohlen“ with it and not see the best hits first."""
    make_entry("Chor")
    page = client.get(reverse("portal:catalogue")).text
    assert '<option value="" selected>Empfohlen</option>' in page
    assert asked("q=chor&sortierung=").sort == "treffer"


def test_district_comes_first_among_the_filters() -> None:
    make_entry("Chor", fields=[make_field("Sprache")], districts=[make_district("sued")])
    assert next(box.label for box in asked("").facets) == "Stadtbezirk"


def test_order_by_name_sorts_umlauts_like_their_letters() -> None:
    for title in ("Zirkus", "Ärztebegleitung", "Bus", "ahoi"):
        make_entry(title)
    ordered = [Entry.objects.get(pk=key).title for key in asked("sortierung=a-z").keys]
    assert ordered == ["ahoi", "Ärztebegleitung", "Bus", "Zirkus"]
    newest = [Entry.objects.get(pk=key).title for key in asked("sortierung=neu").keys]
    assert newest == ["ahoi", "Bus", "Ärztebegleitung", "Zirkus"]


def test_search_shows_best_hits_first_unless_told_otherwise() -> None:
    make_entry("A Lesen", description="manchmal Gartenarbeit")
    make_entry("Gartenarbeit")
    assert asked("q=Gartenarbeit").sort == "treffer"
    assert Entry.objects.get(pk=asked("q=Gartenarbeit").keys[0]).title == "Gartenarbeit"
    assert Entry.objects.get(pk=asked("q=Gartenarbeit&sortierung=a-z").keys[0]).title == "A Lesen"
    assert asked("sortierung=treffer").sort == "empfohlen"


@pytest.mark.slow
def test_pages_hold_twelve_and_keep_the_filter(client: Client) -> None:
    fill(29)
    first = client.get(reverse("portal:catalogue"), {"sortierung": "a-z"})
    assert len(first.context["cards"]) == 12
    assert "?sortierung=a-z&amp;seite=2" in first.text
    last = client.get(reverse("portal:catalogue"), {"seite": "3"})
    assert len(last.context["cards"]) == 5


def test_offices_and_unpublished_entries_are_not_listed() -> None:
    make_clearing_office()
    make_entry("Entwurf", is_published=False)
    make_entry("Sichtbar")
    assert names(asked("")) == {"Sichtbar"}


HOSTILE = [
    "q=%00",
    "q=%00%01%02Chor",
    "q=" + "a" * 10_000,
    "q=" + "wort " * 2_000,
    "q=%F0%9F%99%82",
    "q=%ff%fe",
    "q='%22%3Cscript%3E",
    "q=%26%7C!():*",
    "art=quark&feld=quark&bezirk=99&sprache=xx&tag=9&zeit=nachts",
    "art=%00&bezirk=%00",
    "seite=abc",
    "seite=-1",
    "seite=0",
    "seite=99999999999999999999",
    "seite=" + "9" * 5_000,
    "seite[]=1&q[]=chor&art[]=einsatz",
    "q=a&q=b&seite=1&seite=2",
    "ohne-deutsch=0&fuer-neue=nein&umkreis=vielleicht&sortierung=zufall",
    "&".join(f"bezirk=b{number}" for number in range(500)),
    "art=" + "x" * 10_000,
    "ort=%00",
    "ort=" + "7" * 10_000,
    "ort=%3Cscript%3Ealert(1)%3C/script%3E",
    "ort=%D8%B4%D8%AA%D9%88%D8%AA%D8%BA%D8%A7%D8%B1%D8%AA",
    "ort=%C2%B2%E2%91%A0&zustand=quark&zustand=beendet&zustand=offen",
]


@pytest.mark.slow
@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["portal:catalogue", "programs:event_list"])
def test_whatever_an_address_says_is_a_normal_page(client: Client, name: str, query: str) -> None:
    make_entry("Chor")
    response = client.get(f"{reverse(name)}?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "errorlist" not in response.text


QUERIES = (
    "",
    "bezirk=feuerbach&umkreis=1&tag=montag&sprache=ar&feld=sprache&gruppe=familien",
    "q=Garten&sprache=ar",
    "q=Gartten",
    "q=xyzzy",
    "seite=2&sortierung=a-z",
    "ort=70469",
    "ort=Feuerbach&q=Garten&bezirk=botnang",
    "ort=Heslch",
)


def as_if_committed() -> None:
    """From here on the content has a version, under which the index of the search is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.content_changed', '', true)")


@pytest.mark.slow
def test_as_many_queries_at_twice_the_entries(
    client: Client, time_machine: TimeMachineFixture
) -> None:
    """In one minute: each new one is looked up once more, because entries begin and end with it."""
    time_machine.move_to(timezone.now(), tick=False)

    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(f"{reverse('portal:catalogue')}?{query}").status_code == 200
        return len(context)

    fill(30)
    as_if_committed()
    count("q=Garten")
    once = {query: count(query) for query in QUERIES}
    fill(30, seed=2)
    as_if_committed()
    count("q=Garten")
    twice = {query: count(query) for query in QUERIES}
    assert once == twice
    assert max(twice.values()) <= 10
