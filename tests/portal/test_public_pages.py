"""Every public page: it exists, is the same for everybody, and says what it must."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.models import NewsletterIssue, Page
from programs.models import District, Entry, Event, Field, Opportunity, Story
from tests import crawling
from tests.factories import (
    make_circle,
    make_clearing_office,
    make_district,
    make_entry,
    make_event,
    make_field,
    make_initiative,
    make_key_figure,
    make_member,
    make_organisation,
    make_page,
    make_programme,
    make_protection,
    make_room,
    make_sent_issue,
    make_step,
    make_user,
)
from tests.shown import make_picture, make_story, make_voice
from volunteers.models import Application
from welcome_rooms.models import OpeningHours

pytestmark = pytest.mark.django_db

LISTS = [
    "portal:home",
    "portal:catalogue",
    "portal:map",
    "portal:fields",
    "portal:figures",
    "portal:words",
    "portal:date_board",
    "portal:newsletter_issues",
    "portal:open_data",
    "portal:counselling",
    "programs:event_list",
    "programs:calendar",
]


def addresses() -> list[str]:
    """The URL of every public page of the records in the database."""
    records = [
        *District.objects.all(),
        *Field.objects.all(),
        *Page.objects.published(),
        *Entry.objects.published(),
        *Event.objects.published(),
        *Story.objects.public(),
        *NewsletterIssue.objects.public(),
    ]
    extra = ["portal:sitemap", "portal:robots", "portal:security"]
    extra += ["programs:story_list"] if Story.objects.public() else []
    return [reverse(name) for name in (*LISTS, *extra)] + [
        one.get_absolute_url() for one in records
    ]


def small_city() -> None:
    """One of everything."""
    office = make_clearing_office()
    district, field = (
        make_district("feuerbach"),
        make_field("Sprache", trend="growing", trend_source="Amt"),
    )
    programme = make_programme("WillkommensPaten", organisation=office, fields=[field])
    make_step(programme)
    make_protection(programme)
    room = make_room("Willkommensraum Feuerbach", districts=[district])
    make_entry("Vorlesen", organisation=office, part_of=programme, districts=[district], places=2)
    make_circle("Freundeskreis Feuerbach", districts=[district])
    make_initiative("Sprachcafé")
    make_event(part_of=room, district=district, organisation=office)
    make_key_figure()
    make_page()
    make_sent_issue()
    make_picture(programme)
    make_voice(programme)
    make_picture(story=make_story(programme))


@pytest.mark.slow
def test_every_page_of_the_starting_data_is_there_for_everybody(client: Client) -> None:
    call_command("load_reference", verbosity=0)
    make_event()
    visited = 0
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address
        assert set(response["Cache-Control"].split(", ")) == {"public", "no-cache"}, address
        assert response["ETag"], address
        visited += 1
    assert visited > 150


@pytest.mark.slow
def test_every_page_without_a_form_is_public_and_no_other_sets_a_cookie(client: Client) -> None:
    """Whatever a link of a public page leads to, filters and searches too."""
    small_city()
    to_visit = [
        "/",
        "/en/",
        "/mitmachen/?q=garten&tag=montag",
        "/termine/?art=schulung",
        "/api/v1/",
    ]
    visited, secret = set[str](), set[str]()
    forms = 0
    while to_visit and len(visited) < 150:
        address = to_visit.pop(0).partition("#")[0]
        if address in visited or not address.startswith("/"):
            continue
        visited.add(address)
        client.cookies.clear()
        response = client.get(address)
        if response.status_code != 200 or response.streaming:
            continue
        if b"csrfmiddlewaretoken" in response.content:
            forms += 1
            assert "public" not in response.get("Cache-Control", ""), address
            continue
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address
        kept = response.get("Cache-Control", "")
        if "no-store" in kept:  # on purpose: whose certificate somebody looks at, what one reports
            secret.add(address)
            continue
        assert "public" in kept, address
        if response["Content-Type"].startswith("text/html"):
            assert response["ETag"].startswith('"'), address
            to_visit += crawling.Page(response.text).links
    assert forms >= 5
    assert len(visited) > 60
    assert len(secret) < 10


@pytest.mark.slow
def test_same_page_for_somebody_who_is_logged_in(client: Client) -> None:
    small_city()
    visited = 0
    for address in addresses():
        before = client.get(address)
        client.force_login(make_user(f"amira{visited}@example.org", is_superuser=True))
        after = client.get(address)
        assert after.content == before.content, address
        assert not after.cookies, address
        assert "Cookie" not in after.get("Vary", ""), address
        client.logout()
        visited += 1
    assert visited > 15


@pytest.mark.slow
def test_page_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    small_city()
    first = client.get(reverse("portal:catalogue"))
    again = client.get(reverse("portal:catalogue"), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Opportunity.objects.update(title="Anders")
    assert (
        client.get(
            reverse("portal:catalogue"), headers={"if-none-match": first["ETag"]}
        ).status_code
        == 200
    )


@pytest.mark.slow
def test_pages_are_compressed_for_whoever_asks(client: Client) -> None:
    small_city()
    response = client.get(reverse("portal:home"), headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    again = client.get(
        reverse("portal:home"),
        headers={"accept-encoding": "gzip", "if-none-match": response["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_for_reading_only(client: Client, name: str, method: str) -> None:
    assert getattr(client, method)(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", LISTS)
def test_empty_portal_has_all_lists(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


MAKERS = {
    "programs:opportunity": make_entry,
    "programs:programme": make_programme,
    "programs:circle": make_circle,
    "programs:initiative": make_initiative,
    "programs:organisation": make_organisation,
    "welcome_rooms:room": make_room,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MAKERS)
def test_entry_is_found_under_its_own_kind_only(client: Client, name: str) -> None:
    make_clearing_office()
    entry = MAKERS[name]("Sonnenblume")
    assert entry.get_absolute_url() == reverse(name, args=[entry.slug])
    found = {other: client.get(reverse(other, args=[entry.slug])).status_code for other in MAKERS}
    assert found == {other: 200 if other == name else 404 for other in MAKERS}


@pytest.mark.parametrize("name", MAKERS)
def test_unpublished_entry_is_not_found(client: Client, name: str) -> None:
    entry = MAKERS[name]("Entwurf", is_published=False)
    assert client.get(entry.get_absolute_url()).status_code == 404
    assert "Entwurf" not in client.get(reverse("portal:catalogue")).text


def test_unknown_addresses_and_unpublished_pages_are_not_found(client: Client) -> None:
    make_page("entwurf", is_published=False)
    for name, slug in (
        ("portal:page", "entwurf"),
        ("portal:page", "quark"),
        ("portal:district", "atlantis"),
        ("portal:field", "quark"),
        ("programs:event", "quark"),
    ):
        assert client.get(reverse(name, args=[slug])).status_code == 404, name


def sign_up_link(entry: Entry) -> str:
    return reverse("volunteers:sign_up_entry", args=[entry.slug])


@pytest.mark.parametrize(
    "make", [make_entry, make_programme, make_room, make_circle, make_initiative]
)
def test_open_entry_leads_to_sign_up_and_says_who_answers_until_when(client: Client, make) -> None:
    office = make_clearing_office("Sozialamt", answer_days=7)
    make_member(office)
    entry = make("Offenes Angebot")
    page = client.get(entry.get_absolute_url()).text
    assert sign_up_link(entry) in page
    assert "Sozialamt" in page
    assert "Antwort meist innerhalb von 7 Tagen" in page


def test_page_says_when_a_department_stands_in(client: Client) -> None:
    make_clearing_office()
    office = make_organisation("Abteilung Integrationspolitik", type="office")
    make_member(office)
    circle = make_circle("Freundeskreis Süd", department=office)
    words = "Freundeskreis Süd hat im Portal noch niemanden."
    assert words in client.get(circle.get_absolute_url()).text
    make_member(circle)
    page = client.get(circle.get_absolute_url()).text
    assert words not in page
    assert "Antwort meist innerhalb von" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": "ended", "period_note": "bis 2019"}, "Beendet."),
        ({"status": "paused"}, "Pausiert."),
        ({"accepts_sign_ups": False}, "Zurzeit keine Anmeldung möglich."),
    ],
)
def test_entry_that_is_not_open_says_so_and_takes_no_sign_up(
    client: Client, facts: dict[str, str], words: str
) -> None:
    make_clearing_office()
    entry = make_programme("LERNaktiv", **facts)
    page = client.get(entry.get_absolute_url()).text
    assert words in page
    assert sign_up_link(entry) not in page
    assert "Antwort innerhalb" not in page


def test_ended_programme_is_no_offer_and_has_its_own_place_in_the_catalogue(client: Client) -> None:
    make_programme("LERNaktiv", status="ended")
    page = client.get(reverse("portal:catalogue"))
    assert page.context["cards"] == []
    assert '<a href="/mitmachen/?zustand=beendet">1 beendet</a>' in page.text
    history = client.get(reverse("portal:catalogue"), {"zustand": "beendet"})
    (card,) = history.context["cards"]
    assert card["badges"] == ["ended", "unconfirmed"]
    assert "1 Eintrag" in history.text


@pytest.mark.slow
def test_unconfirmed_entry_says_so_with_its_stand(client: Client) -> None:
    make_clearing_office()
    stand = {"as_of": datetime.date(2018, 12, 1), "as_of_precision": "month", "source": "Sozialamt"}
    entry = make_circle("Freundeskreis Süd", **stand)
    page = client.get(entry.get_absolute_url()).text
    assert "Noch nicht bestätigt." in page
    assert "Stand: 12/2018" in page
    assert "noch nicht bestätigt" in client.get(reverse("portal:catalogue")).text
    entry.confirmed_on = datetime.date(2026, 3, 1)
    entry.save()
    page = client.get(entry.get_absolute_url()).text
    assert "Noch nicht bestätigt." not in page
    assert "bestätigt am 01.03.2026" in page


def test_full_entry_says_waiting_list(client: Client) -> None:
    office = make_clearing_office()
    entry = make_entry("Sprachcafé", organisation=office, places=1)
    assert "Noch 1 Platz frei." in client.get(entry.get_absolute_url()).text
    Application.objects.create(
        entry=entry,
        organisation=office,
        name="Amina",
        email="amina@example.org",
        status="new",
        confirmed_at=datetime.datetime.now(datetime.UTC),
    )
    page = client.get(entry.get_absolute_url()).text
    assert "Auf die Warteliste" in page
    assert sign_up_link(entry) in page
    assert "Warteliste" in client.get(reverse("portal:catalogue")).text
    assert "Amina" not in page


def test_programme_names_its_parts_partners_and_opportunities(client: Client) -> None:
    office = make_clearing_office()
    partner = make_organisation("Elternstiftung Baden-Württemberg")
    whole = make_programme(
        "Bildungsmentoren", organisation=office, partners=[partner], funder="Stadt"
    )
    make_programme("STARTklar", organisation=office, part_of=whole)
    make_entry("Bewerbungen üben", organisation=office, part_of=whole)
    make_event("Austausch", organisation=office, part_of=whole)
    page = client.get(whole.get_absolute_url()).text
    for words in ("Elternstiftung", "Stadt", "STARTklar", "Bewerbungen üben", "Austausch"):
        assert words in page, words
    assert "Bildungsmentoren" in client.get(partner.get_absolute_url()).text


def test_district_page_tells_here_from_whole_city(client: Client) -> None:
    make_district("botnang")
    feuerbach = make_district("feuerbach")
    make_entry("Nur hier", districts=[feuerbach])
    make_entry("Überall")
    response = client.get(feuerbach.get_absolute_url())
    assert [card["title"] for card in response.context["entries"]] == ["Nur hier"]
    assert [card["title"] for card in response.context["whole_city"]] == ["Überall"]
    assert reverse("portal:district", args=["botnang"]) in response.text


def test_district_page_shows_rooms_circles_events_and_who_answers(client: Client) -> None:
    office = make_clearing_office()
    make_member(office)
    botnang, feuerbach = make_district("botnang"), make_district("feuerbach")
    room = make_room("Raum", districts=[feuerbach], organisation=office)
    circle = make_circle("Kreis", districts=[feuerbach])
    make_member(circle)
    make_entry("Chor", districts=[feuerbach], organisation=office)
    make_entry("Vorbei", districts=[feuerbach], status="ended")
    make_event("Fest", district=feuerbach, part_of=room, organisation=office)
    make_event("Woanders", district=botnang, organisation=office)
    page = client.get(feuerbach.get_absolute_url())
    assert [card["title"] for card in page.context["rooms"]] == ["Raum"]
    assert [card["title"] for card in page.context["circles"]] == ["Kreis"]
    assert [card["title"] for card in page.context["entries"]] == ["Chor"]
    assert [event.title for event in page.context["events"]] == ["Fest"]
    answering = [(one.title, number) for one, number in page.context["answering"]]
    assert answering == [("Sozialamt", 2), ("Kreis", 1)]
    assert "Vorbei" not in page.text
    assert '<a href="/mitmachen/?bezirk=feuerbach&amp;zustand=beendet">1 beendet</a>' in page.text
    assert page.text.count("mini-map__here") == 1
    assert page.text.count("mini-map__near") == 1


def test_page_of_a_district_makes_as_many_queries_for_more_entries(
    client: Client, noon: None
) -> None:
    office, feuerbach = make_clearing_office(), make_district("feuerbach")

    def count() -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(feuerbach.get_absolute_url()).status_code == 200
        return len(context)

    make_circle("Kreis", districts=[feuerbach])
    once = count()
    for number in range(12):
        make_circle(f"Kreis {number}", districts=[feuerbach])
        make_entry(f"Chor {number}", districts=[feuerbach], organisation=office)
    assert count() == once


def test_home_page_begins_with_what_is_confirmed_open_and_next(client: Client) -> None:
    office = make_clearing_office()
    today = timezone.localdate()
    make_entry("Alt", organisation=office)
    make_entry("Vorbei", organisation=office, status="ended", confirmed_on=today)
    make_entry("Bestätigt", organisation=office, confirmed_on=today)
    make_programme("Programm", organisation=office, confirmed_on=today)
    make_field("Leer")
    event = make_event("Nächstes", organisation=office)
    page = client.get(reverse("portal:home"))
    first = [card["title"] for card in page.context["first"]]
    assert sorted(first[:2]) == ["Bestätigt", "Programm"]
    assert first[2:] == ["Alt"]
    order = ("Hier können Sie jetzt mitmachen", "Nächste Termine", event.title, "Wobei möchten")
    places = [page.text.index(words) for words in order]
    assert places == sorted(places)
    assert "Vorbei" not in page.text
    assert "Leer" not in page.text


def test_newcomers_find_a_path_of_their_own_on_the_home_page(client: Client) -> None:
    office = make_clearing_office()
    make_entry("Nur für Geübte", organisation=office)
    assert "Gestalten Sie mit" not in client.get(reverse("portal:home")).text
    make_entry("Garten", organisation=office, newcomers_welcome=True, without_german=True)
    make_entry("Pausiert", organisation=office, newcomers_welcome=True, status="paused")
    page = client.get(reverse("portal:home"))
    (card,) = page.context["for_newcomers"]
    assert card["title"] == "Garten"
    assert page.text.index("Gestalten Sie mit") < page.text.index("Nächste Termine")
    assert 'href="/mitmachen/?fuer-neue=1&amp;ohne-deutsch=1"' in page.text
    found = client.get("/mitmachen/?fuer-neue=1&ohne-deutsch=1")
    assert [one["title"] for one in found.context["cards"]] == ["Garten"]


def test_offer_says_mitgestalten_and_without_german_beside_its_languages(client: Client) -> None:
    make_clearing_office()
    entry = make_entry("Garten", newcomers_welcome=True, without_german=True, languages=["ar"])
    card = client.get(reverse("portal:catalogue")).text
    assert '<span class="badge badge--newcomers">Mitgestalten</span>' in card
    assert "Arabisch, ohne Deutschkenntnisse möglich" in card
    page = client.get(entry.get_absolute_url()).text
    assert "Mitgestalten: auch für Menschen, die selbst neu in Stuttgart sind" in page
    assert "ohne Deutschkenntnisse möglich" in page


def test_home_page_shows_open_rooms_first_and_those_without_hours_last(client: Client) -> None:
    office = make_clearing_office()
    make_room("A unbekannt", organisation=office)
    make_room("B unbekannt, bestätigt", organisation=office, evidence_confirmed=True)
    OpeningHours.objects.create(
        room=make_room("C heute", organisation=office),
        weekday=timezone.localdate().weekday(),
        opens=datetime.time(0),
        closes=datetime.time(23, 59, 59),
    )
    rooms = [room.title for room, *_more in client.get(reverse("portal:home")).context["rooms"]]
    assert rooms == ["C heute", "B unbekannt, bestätigt", "A unbekannt"]


def test_fields_count_what_one_can_join(client: Client) -> None:
    field = make_field("Sprache")
    make_entry("Offen", fields=[field])
    make_entry("Vorbei", fields=[field], status="ended")
    page = client.get(field.get_absolute_url())
    assert [card["title"] for card in page.context["cards"]] == ["Offen"]
    assert "1 Angebot" in page.text
    assert '<a href="/mitmachen/?feld=sprache&amp;zustand=beendet">1 beendet</a>' in page.text
    assert [
        number for _field, number in client.get(reverse("portal:fields")).context["fields"]
    ] == [1]


@pytest.mark.slow
def test_map_links_every_district_with_its_count(client: Client) -> None:
    call_command("load_reference", verbosity=0)
    page = client.get(reverse("portal:map")).text
    assert District.objects.count() == 23
    for district in District.objects.all():
        count = Entry.objects.open().filter(districts=district).count()
        assert page.count(f'href="{district.get_absolute_url()}"') == 2, district
        assert f"{district.short_name}: {count} Angebot" in page, district


def test_figures_show_stand_and_source_and_a_chart_from_two_values_on(client: Client) -> None:
    make_key_figure(note="nimmt leicht ab")
    page = client.get(reverse("portal:figures")).text
    assert "12/2018" in page
    assert "Sozialamt" in page
    assert "<svg" not in page
    make_key_figure(value=46, as_of=datetime.date(2016, 1, 1), as_of_precision="year")
    response = client.get(reverse("portal:figures"))
    ((series, _compared),) = response.context["all_series"]
    assert [figure.value for figure in series.figures] == [46, 39]
    assert series.bars[0].height > series.bars[1].height
    assert "<svg" in response.text
    assert ">2016<" in response.text
    assert "style=" not in response.text


def test_page_text_is_markdown_without_html(client: Client) -> None:
    body = "# Oben\n\n## Titel\n\n**fett** [Link](https://example.org)\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))"
    page = client.get(make_page(body=body).get_absolute_url()).text
    assert '<h2 id="abschnitt-titel">Titel</h2>' in page
    assert '<h2 id="abschnitt-oben">Oben</h2>' in page
    assert "<strong>fett</strong>" in page
    assert '<a href="https://example.org">' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_description_of_an_entry_cannot_bring_html(client: Client) -> None:
    make_clearing_office()
    entry = make_entry(
        description="Erster Absatz.\n\n<img src=x onerror=alert(1)>", summary="<b>kurz</b>"
    )
    page = client.get(entry.get_absolute_url()).text
    assert "<p>Erster Absatz.</p>" in page
    assert "<img src=x" not in page
    assert "<b>kurz</b>" not in page


@pytest.mark.slow
def test_internal_notes_are_never_shown(client: Client) -> None:
    small_city()
    Entry.objects.update(internal_note="Geheimnotiz")
    visited = 0
    for address in addresses():
        assert "Geheimnotiz" not in client.get(address).text, address
        visited += 1
    assert visited > 15


@pytest.mark.slow
def test_head_names_the_one_address_and_a_title_of_its_own(client: Client) -> None:
    small_city()
    titles = set()
    pages = [address for address in addresses() if not address.endswith((".xml", ".txt"))]
    for address in pages:
        page = client.get(address, {"fbclid": "x"}).text
        assert re.search(rf'<link rel="canonical" href="http[^"]+{re.escape(address)}">', page), (
            address
        )
        assert 'property="og:title" content="' in page, address
        assert re.search(r'<meta name="description" content="[^"]{15,}', page), address
        titles |= {*re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[:1]}
    assert len(titles) == len(pages)


@pytest.mark.slow
def test_sitemap_lists_what_is_published(client: Client) -> None:
    small_city()
    make_entry("Entwurf", is_published=False)
    root = ElementTree.fromstring(client.get("/sitemap-de.xml").content)  # noqa: S314
    found = [node.text or "" for node in root.iter() if node.tag.endswith("loc")]
    assert all(address.startswith("http") for address in found)
    paths = {"/" + address.split("/", 3)[3] for address in found}
    pages = {address for address in addresses() if not address.endswith((".xml", ".txt"))}
    assert pages <= paths
    for address in paths - pages:
        assert "csrfmiddlewaretoken" in client.get(address).text, address


def test_robots_stay_out_of_what_is_not_public(client: Client) -> None:
    lines = client.get(reverse("portal:robots")).text.splitlines()
    for path in ("/verwaltung/", "/anmeldung/", "/konto/"):
        assert f"Disallow: {path}" in lines
    assert any(line.startswith("Sitemap: http") for line in lines)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_page_makes_more_than_ten_queries(client: Client) -> None:
    small_city()
    client.get("/")
    visited = 0
    for address in addresses():
        with CaptureQueriesContext(connection) as context:
            client.get(address)
        assert len(context) <= 10, (
            address,
            "\n".join(query["sql"].split(" FROM ")[-1][:150] + " …" for query in context),
        )
        visited += 1
    assert visited > 15


@pytest.mark.slow
def test_lists_make_as_many_queries_for_one_entry_as_for_thirty(client: Client, noon: None) -> None:
    small_city()

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(address)
        return len(context)

    pages = [
        *(reverse(name) for name in LISTS),
        *(
            one.get_absolute_url()
            for one in (
                District.objects.get(),
                Field.objects.get(),
                Entry.objects.get(title="WillkommensPaten"),
                Entry.objects.get(title="Willkommensraum Feuerbach"),
                Entry.objects.get(title="Sozialamt"),
            )
        ),
    ]
    count("/")  # loads the texts that are cached for a minute
    once = {page: count(page) for page in pages}
    office, programme = make_clearing_office(), Entry.objects.get(title="WillkommensPaten")
    room = Entry.objects.get(title="Willkommensraum Feuerbach")
    for number in range(15):
        facts = {
            "districts": [District.objects.get()],
            "fields": [Field.objects.get()],
            "places": 2,
        }
        make_entry(f"Vorlesen {number}", organisation=office, part_of=programme, **facts)
        make_entry(f"Kochen {number}", part_of=room, **facts)
        make_event(f"Termin {number}", organisation=office, part_of=programme)
        make_room(f"Raum {number}", organisation=office, **facts)
    assert {page: count(page) for page in pages} == once


@pytest.mark.slow
def test_long_page_begins_with_links_to_its_parts_and_to_whom_to_ask(client: Client) -> None:
    call_command("load_reference", verbosity=0)
    text = client.get(reverse("portal:page", args=["so-laeuft-es"])).text
    text = text.partition("</head>")[2]
    contents = text[text.index("Auf dieser Seite") : text.index("Hier steht es, Schritt für")]
    parts = re.findall(r'href="#([^"]+)"', contents)
    assert parts == re.findall(r'<h2 id="(abschnitt-[^"]+)"', text)
    assert len(parts) >= 10
    for part in ("abschnitt-versicherung", "abschnitt-was-es-sie-kostet"):
        start = text.index(f'<h2 id="{part}"')
        assert 'href="#fragen"' in text[start : text.index("<h2", start + 1)]
    assert 'id="fragen"' in text
    short = make_page("kurz", body="## Eins\n\nText.")
    assert "Auf dieser Seite" not in client.get(short.get_absolute_url()).text
