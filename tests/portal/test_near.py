"""Near me: a postcode, a Stadtteil or a district, and what is near it."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal.catalogue import CatalogueFilter
from portal.catalogue.near import metres, minutes_on_foot
from portal.search.places import MAX_TYPED, atlas, look_up, places
from programs.models import District, Entry
from tests.factories import make_districts, make_entry, make_organisation, make_room

pytestmark = pytest.mark.django_db

MARKET, STATION = (48.7754, 9.1789), (48.7838, 9.1816)
"""Marktplatz and Hauptbahnhof: 950 metres in a straight line."""


@pytest.fixture(autouse=True)
def city() -> None:
    here = make_districts()
    make_entry("Dort", districts=[here["sued"]])
    make_entry("Nebenan", districts=[here["west"]])
    make_entry("Überall")
    make_entry("Weit weg", districts=[here["obertuerkheim"]])


def near(place: str, **more: str) -> CatalogueFilter:
    query = QueryDict(mutable=True)
    query.update({"ort": place, **more})
    found = CatalogueFilter(data=query)
    assert found.is_valid()
    return found


def titles(found: CatalogueFilter) -> list[str]:
    names = dict(Entry.objects.values_list("pk", "title"))
    return [names[key] for key in found.keys]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("70199", "70199 (Süd)"),
        (" 70199 Stuttgart ", "70199 (Süd)"),
        ("D-70199", "70199 (Süd)"),
        ("٧٠١٩٩", "70199 (Süd)"),
        ("Heslach", "Heslach (Süd)"),
        ("HESLACH", "Heslach (Süd)"),
        ("Stuttgart-Heslach", "Heslach (Süd)"),
        ("Heslach (Süd)", "Heslach (Süd)"),
        ("Süd", "Süd"),
        ("Stuttgart-Süd", "Süd"),
        ("sued", "Süd"),
        ("S-Süd", "Süd"),
        ("Stadtbezirk Süd", "Süd"),
        ("Cannstatt", "Bad Cannstatt"),
        ("Am Stadtpark", None),
    ],
)
def test_places_are_understood_as_people_type_them(typed: str, label: str | None) -> None:
    place = look_up(typed).place
    assert (place and place.label) == label


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "sentence", "suggested"),
    [
        ("Heslch", "„Heslch“ kennen wir nicht als Ort in Stuttgart.", "Heslach (Süd)"),
        ("Feurbach", "„Feurbach“ kennen wir nicht als Ort in Stuttgart.", "Feuerbach"),
        ("Cannst", "„Cannst“ kennen wir nicht als Ort in Stuttgart.", "Bad Cannstatt"),
        ("Ludwigsburg", "„Ludwigsburg“ kennen wir nicht als Ort in Stuttgart.", None),
        ("شتوتغارت", "„شتوتغارت“ kennen wir nicht als Ort in Stuttgart.", None),
        ("71634", "71634 liegt nicht in Stuttgart.", None),
        ("70198", "70198 liegt nicht in Stuttgart.", "70199 (Süd)"),
        ("7019", "Eine Postleitzahl hat fünf Ziffern, „7019“ hat 4.", "70199 (Süd)"),
        ("701999", "Eine Postleitzahl hat fünf Ziffern, „701999“ hat 6.", "70199 (Süd)"),
        ("Stuttgart", "Nennen Sie bitte Ihre Postleitzahl, Ihren Stadtteil oder", None),
        ("!?", "Nennen Sie bitte Ihre Postleitzahl, Ihren Stadtteil oder", None),
        ("x" * (MAX_TYPED + 1), "Das ist zu lang.", None),
    ],
)
def test_what_is_no_place_is_answered_and_stays(
    client: Client, typed: str, sentence: str, suggested: str | None
) -> None:
    answer = look_up(typed)
    assert answer.place is None
    assert answer.sentence.startswith(sentence)
    labels = [place.label for place in answer.suggestions]
    assert suggested in labels if suggested else not labels
    page = client.get(reverse("portal:catalogue"), {"ort": typed})
    assert sentence in page.text
    assert f'value="{typed}"' in page.text
    assert page.context["page_obj"].paginator.count == 4


def test_html_in_the_field_stays_text(client: Client) -> None:
    page = client.get(reverse("portal:catalogue"), {"ort": "<b>Heslach"}).text
    assert "&lt;b&gt;Heslach" in page
    assert "<b>Heslach" not in page


def test_suggestion_keeps_the_question_and_the_filters(client: Client) -> None:
    page = client.get(reverse("portal:catalogue"), {"ort": "Heslch", "q": "Dort"}).text
    assert '<a href="?q=Dort&amp;ort=Heslach">Heslach (Süd)</a>' in page


def test_own_district_comes_first_then_neighbours_whole_city_and_the_rest() -> None:
    found = near("Heslach")
    assert titles(found) == ["Dort", "Nebenan", "Überall", "Weit weg"]
    assert [one.text for one in found.how_near(found.keys).values()] == [
        "in Ihrem Stadtbezirk",
        "im Nachbarbezirk",
        "",
        "etwa 1 km Luftlinie",
    ]


def test_empty_place_changes_nothing() -> None:
    assert titles(near("")) == titles(near("   ")) == ["Dort", "Nebenan", "Überall", "Weit weg"]
    assert near("").sort == near("  ").sort == "empfohlen"


def test_place_goes_with_words_filters_and_other_orders() -> None:
    assert titles(near("Heslach", q="Nebenan")) == ["Nebenan"]
    assert titles(near("Heslach", bezirk="obertuerkheim")) == ["Weit weg"]
    assert titles(near("Obertürkheim"))[0] == "Weit weg"
    assert titles(near("Obertürkheim", sortierung="a-z"))[0] == "Dort"


def test_what_is_meant_comes_before_what_only_mentions_it_nearby() -> None:
    """Somebody in Heslach looks for Nachhilfe; a circle next door that also helps with it comes after."""
    west, sued = District.objects.get(slug="west"), District.objects.get(slug="sued")
    make_entry("Kreis im Süden", districts=[sued], description="Feste, Kochen, auch mal Nachhilfe.")
    make_entry("Mathe-Nachhilfe", description="Nachhilfe für Kinder ab Klasse 5.")
    make_entry("Nachhilfe im Westen", districts=[west])
    make_entry("Nachhilfe in Heslach", districts=[sued])
    assert titles(near("Heslach", q="Nachhilfe")) == [
        "Nachhilfe in Heslach",
        "Nachhilfe im Westen",
        "Mathe-Nachhilfe",
        "Kreis im Süden",
    ]


def test_choice_is_a_chip_that_can_be_taken_off() -> None:
    (chip,) = near("Heslach", sortierung="a-z").chips
    assert (chip.label, chip.query) == ("in der Nähe von Heslach (Süd)", "sortierung=a-z")
    assert not near("Heslch").chips, "what was not understood is no choice"


def test_every_page_to_begin_with_has_the_field(client: Client) -> None:
    for name in ("portal:home", "portal:catalogue", "portal:map"):
        page = client.get(reverse(name)).text
        assert '<label for="ort">Postleitzahl, Stadtteil oder Stadtbezirk</label>' in page


def test_cards_say_how_near(client: Client) -> None:
    page = client.get(reverse("portal:catalogue"), {"ort": "70199"}).text
    assert "Süd · in Ihrem Stadtbezirk" in page
    assert "West · im Nachbarbezirk" in page
    assert "Nächste zuerst" in page


def test_way_on_foot_is_longer_than_the_straight_line() -> None:
    assert metres(MARKET, STATION) == pytest.approx(955, abs=10)
    assert minutes_on_foot(MARKET, STATION) == 20
    assert minutes_on_foot(MARKET, MARKET) == 5
    assert metres((0, 0), (0, 180)) == pytest.approx(20_015_087, abs=10)


def test_rooms_with_a_known_point_say_the_minutes_on_foot_and_come_first() -> None:
    code, (latitude, longitude) = "70199", places()["middles"]["points"]["70199"]
    here = make_districts()
    owner = make_organisation()
    far = {"latitude": latitude, "longitude": longitude + 0.1}
    make_room("Weiter Raum", organisation=owner, districts=[here["sued"]], **far)
    near_by = {"latitude": latitude, "longitude": longitude + 0.006}
    room = make_room("Raum", organisation=owner, districts=[here["west"]], **near_by)
    make_entry("Im Raum", organisation=owner, part_of=room, districts=[here["west"]])
    found = near(code)
    texts = {key: one.text for key, one in found.how_near(found.keys).items()}
    names = dict(Entry.objects.values_list("title", "pk"))
    assert sorted(titles(found)[:2]) == ["Im Raum", "Raum"], "over the border of the district"
    assert texts[names["Raum"]] == texts[names["Im Raum"]] == "etwa 10 Minuten zu Fuß"
    assert texts[names["Weiter Raum"]] == "in Ihrem Stadtbezirk", "too far to walk"
    assert not any(one.in_minutes for one in near("Heslach").how_near(found.keys).values()), (
        "nobody knows where in Heslach"
    )


MINUTES = "Wo Minuten zu Fuß stehen"
WHOLE_CITY = "Steht dort „Ganze Stadt“? Dann sagt Ihnen, wer antwortet, wo man sich trifft."


def test_page_explains_minutes_and_the_whole_city_only_where_they_stand(client: Client) -> None:
    code, (latitude, longitude) = "70199", places()["middles"]["points"]["70199"]
    Entry.objects.get(title="Überall").delete()

    def page() -> str:
        return client.get(reverse("portal:catalogue"), {"ort": code}).text

    assert "Nächste zuerst" in page()
    assert MINUTES not in page()
    assert WHOLE_CITY not in page()
    make_entry("Überall")
    assert "Ganze Stadt" in page()
    assert WHOLE_CITY in page()
    point = {"latitude": latitude, "longitude": longitude + 0.006}
    make_room("Raum", organisation=make_organisation(), **point)
    assert "etwa 10 Minuten zu Fuß" in page()
    assert MINUTES in page()


def test_every_district_has_a_postcode_and_every_postcode_a_middle() -> None:
    codes = places()["postcodes"]["districts"]
    assert len(codes) == 34
    assert {number for numbers in codes.values() for number in numbers} == {
        f"{number:02}" for number in range(1, 24)
    }
    middles = places()["middles"]["points"]
    assert set(middles) == set(codes)
    for code, (latitude, longitude) in middles.items():
        assert 48.69 < latitude < 48.87, code
        assert 9.03 < longitude < 9.32, code


def test_every_name_is_found_by_itself() -> None:
    known = atlas().names
    assert len(known) > 40
    for name, place in known.items():
        assert look_up(name).place == place, name


def test_page_says_the_order_also_where_words_come_first(client: Client) -> None:
    page = client.get(reverse("portal:catalogue"), {"ort": "Heslach"}).text
    assert "Am nächsten ist, was in Ihrem Stadtbezirk ist" in page
    assert "was gut zu Ihrer Frage passt" not in page
    page = client.get(reverse("portal:catalogue"), {"ort": "Heslach", "q": "Nebenan"}).text
    assert "Zuerst steht, was gut zu Ihrer Frage passt" in page
