"""What pages say to search engines: the shape of the nodes, and that no text breaks out of them."""

import json
import re

import pytest

from programs.models import Entry
from programs.texts import keep, translation_of
from tests.factories import (
    make_circle,
    make_clearing_office,
    make_district,
    make_entry,
    make_event,
    make_field,
    make_opening_hours,
    make_organisation,
    make_page,
    make_programme,
    make_room,
)
from welcome_rooms.models import Closure

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOSTILE = "</script><script>alert(1)</script> & „<b>“ \u2028 مقهى"


def nodes(client, address):
    """Type → node, of everything that the page says."""
    found = [json.loads(text) for text in SCRIPT.findall(client.get(address).text)]
    assert all(node["@context"] == "https://schema.org" for node in found)
    return {node["@type"]: node for node in found}


SHAPES = {
    "Organization": {"@id", "url", "name"},
    "GovernmentOrganization": {"@id", "url", "name"},
    "Place": {"@id", "url", "name", "address"},
    "Service": {"@id", "url", "name", "provider", "areaServed", "serviceType"},
    "Offer": {"@id", "url", "name", "offeredBy", "itemOffered"},
    "Event": {
        *("@id", "url", "name", "startDate", "endDate", "eventStatus"),
        *("eventAttendanceMode", "location", "organizer"),
    },
}
"""Type → what a node of it has at least."""
MAKERS = {
    "Organization": make_circle,
    "GovernmentOrganization": make_clearing_office,
    "Place": make_room,
    "Service": make_programme,
    "Offer": make_entry,
    "Event": make_event,
}


@pytest.mark.parametrize("kind", SHAPES)
def test_every_kind_of_page_has_a_node_of_its_own_shape(client, kind):
    make_clearing_office()
    thing = MAKERS[kind](title=HOSTILE, summary=HOSTILE)
    if kind == "GovernmentOrganization":
        Entry.objects.filter(pk=thing.pk).update(title=HOSTILE)
    found = nodes(client, thing.get_absolute_url())
    assert set(found) == {kind, "BreadcrumbList"}
    node = found[kind]
    assert SHAPES[kind] <= set(node)
    assert node["name"] == HOSTILE
    assert node["url"].endswith(thing.get_absolute_url())
    assert found["BreadcrumbList"]["itemListElement"][-1]["name"] == HOSTILE
    assert not empty(node)


def empty(node):
    """Whether anything in the node says nothing."""
    if isinstance(node, dict):
        return any(map(empty, node.values()))
    if isinstance(node, list):
        return not node or any(map(empty, node))
    return node in (None, "")


def test_room_says_when_it_is_open_and_when_not(client):
    make_clearing_office()
    room = make_room(street="Wiener Straße 1", latitude=48.8, longitude=9.16, phone="+49 711 1")
    make_opening_hours(room, weekday=1)
    Closure.objects.create(room=room, first_day="2026-08-01", last_day="2026-08-20")
    node = nodes(client, room.get_absolute_url())["Place"]
    assert node["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": "https://schema.org/Tuesday",
            "opens": "17:00",
            "closes": "20:00",
        }
    ]
    assert node["specialOpeningHoursSpecification"][0]["validThrough"] == "2026-08-20"
    assert node["geo"] == {"@type": "GeoCoordinates", "latitude": 48.8, "longitude": 9.16}
    assert node["address"]["streetAddress"] == "Wiener Straße 1"


def test_offer_says_who_where_and_how_to_join_while_it_is_open(client):
    make_clearing_office()
    entry = make_entry(
        organisation=make_organisation("Caritas", is_published=False),
        districts=[make_district("feuerbach")],
    )
    node = nodes(client, entry.get_absolute_url())["Offer"]
    assert node["offeredBy"] == {"@type": "Organization", "name": "Caritas"}
    area = [{"@type": "AdministrativeArea", "name": "Feuerbach"}]
    assert node["itemOffered"]["areaServed"] == area
    assert node["potentialAction"]["target"]["urlTemplate"].endswith(f"/anmelden/{entry.slug}/")
    Entry.objects.filter(pk=entry.pk).update(status="paused")
    assert "potentialAction" not in nodes(client, entry.get_absolute_url())["Offer"]


WHERE = {
    "at a place": ({"place": "Rathaus"}, "Offline", ["Place"]),
    "online": (
        {"place": "", "online_url": "https://example.org/geheim"},
        "Online",
        ["VirtualLocation"],
    ),
    "both": (
        {"place": "Rathaus", "online_url": "https://example.org/geheim"},
        "Mixed",
        ["VirtualLocation", "Place"],
    ),
}


@pytest.mark.parametrize(("fields", "mode", "types"), WHERE.values(), ids=WHERE)
def test_event_says_where_it_is_and_keeps_the_link_to_itself(client, fields, mode, types):
    event = make_event(is_cancelled=True, **fields)
    response = client.get(event.get_absolute_url())
    node = nodes(client, event.get_absolute_url())["Event"]
    assert node["eventStatus"] == "https://schema.org/EventCancelled"
    assert node["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    assert [one["@type"] for one in node["location"]] == types
    assert "geheim" not in response.text
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\+0[12]:00", node["startDate"])


def test_home_page_offers_its_search(client):
    node = nodes(client, "/")["WebSite"]
    action = node["potentialAction"]
    assert action["target"]["urlTemplate"].endswith("/mitmachen/?q={search_term_string}")
    assert action["query-input"] == "required name=search_term_string"
    assert client.get("/mitmachen/?q=garten").status_code == 200


def test_breadcrumbs_say_what_the_page_shows(client):
    field, page = make_field("Sprache"), make_page()
    steps = nodes(client, field.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [one["name"] for one in steps] == ["Start", "Engagementfelder", "Sprache"]
    assert [one["position"] for one in steps] == [1, 2, 3]
    assert steps[1]["item"].endswith("/felder/")
    assert "item" not in steps[2]
    steps = nodes(client, page.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [one["name"] for one in steps] == ["Start", page.title]


def test_nodes_speak_the_language_of_the_page_where_there_is_a_translation(client):
    make_clearing_office()
    entry = make_entry("Begleitung", summary="Zum Amt.")
    other = make_entry("Garten", summary="Wir pflanzen.")
    texts = {"title": "Супровід", "summary": "До установи."}
    keep(entry, "uk", {name: translation_of(entry, name, text) for name, text in texts.items()})
    node = nodes(client, f"/uk{entry.get_absolute_url()}")["Offer"]
    assert (node["name"], node["description"]) == ("Супровід", "До установи.")
    assert node["mainEntityOfPage"]["inLanguage"] == "uk"
    german = nodes(client, f"/uk{other.get_absolute_url()}")["Offer"]
    assert (german["name"], german["mainEntityOfPage"]["inLanguage"]) == ("Garten", "de")
    assert nodes(client, "/ar/")["WebSite"]["inLanguage"] == "ar"
