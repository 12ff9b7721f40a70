"""Feeds for every filter of the catalogue and of the calendar."""

from html import unescape
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portal.open_data.feeds import MOST
from portal.views.feeds import EVENTS
from programs.models import Entry
from tests.factories import make_circle, make_district, make_entry, make_event, make_programme

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(feed):
    return [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")]


def summaries(client, address):
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return [str(one["summary"]) for one in Calendar.from_ical(response.content).walk("VEVENT")]


def test_feed_of_a_filter_has_its_offers_the_newest_first(client):
    district = make_district("feuerbach")
    make_entry("Alt", districts=[district])
    make_entry("Woanders", districts=[make_district("botnang")])
    make_entry("Entwurf", districts=[district], is_published=False)
    make_entry("Neu", districts=[district])
    feed = read(client, "/mitmachen.atom?bezirk=feuerbach&sortierung=a-z&umkreis=&seite=7")
    assert titles(feed) == ["Neu", "Alt"]
    assert feed.findtext(f"{ATOM}title").endswith(": Feuerbach")
    assert feed.findtext(f"{ATOM}id").endswith("/mitmachen.atom?bezirk=feuerbach")


def test_search_is_a_filter_too(client):
    make_entry("Garten pflegen")
    make_entry("Hausaufgaben")
    assert titles(read(client, "/mitmachen.atom?q=garten")) == ["Garten pflegen"]


def test_id_stays_when_title_and_address_change(client):
    entry = make_entry("Vorher")
    (before,) = read(client, "/mitmachen.atom").iter(f"{ATOM}entry")
    Entry.objects.filter(pk=entry.pk).update(title="Nachher", slug="nachher")
    (after,) = read(client, "/mitmachen.atom").iter(f"{ATOM}entry")
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")
    assert before.findtext(f"{ATOM}updated") != after.findtext(f"{ATOM}updated")
    short = urlsplit(after.findtext(f"{ATOM}id")).path
    assert client.get(short).headers["Location"].endswith("/einsatz/nachher/")


@pytest.mark.slow
def test_feeds_are_bounded_and_need_few_queries(client):
    office = make_circle()
    for number in range(MOST + 3):
        make_entry(f"Einsatz {number}", organisation=office)
        make_event(title=f"Termin {number}", organisation=office)
    for address in ("/mitmachen.atom", "/termine.atom"):
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(read(client, address))) == MOST
        assert len(queries) <= 10
    assert len(summaries(client, "/mitmachen.ics")) == MOST + 3 <= EVENTS


def test_calendar_of_a_filter_has_the_events_of_its_offers(client):
    district = make_district("feuerbach")
    programme = make_programme("Paten", districts=[district])
    circle = make_circle("Kreis", districts=[district])
    make_event(title="Vom Programm", part_of=programme)
    make_event(title="Vom Kreis", organisation=circle)
    make_event(title="Von anderen")
    make_event(title="Geheim", part_of=programme, only_invited=True)
    found = summaries(client, "/mitmachen.ics?bezirk=feuerbach")
    assert sorted(found) == ["Vom Kreis", "Vom Programm"]


def test_feed_of_events_follows_the_filter_of_the_calendar(client):
    make_event(title="Schulung", kind="training")
    make_event(title="Dialog", kind="dialogue")
    assert titles(read(client, "/termine.atom?art=schulung&quark=1")) == ["Schulung"]
    assert titles(read(client, "/termine.atom")) == ["Dialog", "Schulung"]


def test_texts_with_signs_of_xml_and_of_other_scripts_stay_texts(client):
    make_entry("<b>& „مقهى“ ]]>", summary="a < b")
    assert titles(read(client, "/mitmachen.atom")) == ["<b>& „مقهى“ ]]>"]


PAGES = {
    "/mitmachen/?bezirk=feuerbach&sortierung=a-z": {
        "/mitmachen.atom?bezirk=feuerbach",
        "/mitmachen.ics?bezirk=feuerbach",
    },
    "/mitmachen/": {"/mitmachen.atom", "/mitmachen.ics"},
    "/termine/?bezirk=feuerbach": {
        "/termine.atom?bezirk=feuerbach",
        "/kalender.ics?bezirk=feuerbach",
    },
    "/kalender/": {"/termine.atom", "/kalender.ics"},
}


@pytest.mark.parametrize("page", PAGES)
def test_page_leads_to_the_feeds_of_what_it_shows_in_its_head_and_for_people(client, page):
    make_event(district=make_district("feuerbach"))
    text = unescape(client.get(page).text)
    head, _, body = text.partition("</head>")
    for address in PAGES[page]:
        assert f'{address}">' in head, address
        assert f'{address}"' in body, address
        assert client.get(address).status_code == 200


def test_feed_is_not_sent_again_until_something_changes(client):
    make_entry("Vorlesen")
    ask = {"if-none-match": client.get("/mitmachen.atom").headers["ETag"]}
    assert client.get("/mitmachen.atom", headers=ask).status_code == 304
    Entry.objects.update(title="Rechnen")
    assert client.get("/mitmachen.atom", headers=ask).status_code == 200
