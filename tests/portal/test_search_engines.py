"""What search engines and phones are told: sitemaps, the one address, what stays out, icons, the manifest."""

import re
from collections import defaultdict
from io import BytesIO

import pytest
from defusedxml import ElementTree
from django.conf import settings as portal_settings
from django.urls import reverse
from PIL import Image

from portal.counselling.views import SLUGS
from portal.languages.addresses import ONLY_GERMAN, in_language
from programs.models import Entry
from tests.addresses import patterns
from tests.factories import make_district, make_entry, make_field
from tests.house.test_access import arguments, people  # noqa: F401  fixtures
from tests.pages import html_addresses, open_to_all
from tests.portal.test_public_pages import addresses, small_city
from volunteers.models.reading import tag_of

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ANOTHER = "{http://www.w3.org/1999/xhtml}link"
LANGUAGES = [code for code, _name in portal_settings.LANGUAGES]
NO_PAGES = {"portal:healthz", "portal:readyz", "portal:livez", "programs:story_list"}
ANY = {"string": "quark", "slug": "ja", "int": 1, "uuid": "00000000-0000-4000-8000-000000000000"}
"""Converter → some value for it."""


PURPOSE = {"purpose": "look"}

FORMS = ("newsletter", "cooperation")
FORMS_OF_PEOPLE = ("companion", "date_ask", "propose")
NOT_LISTED = {
    "volunteers:sign_up": "robots.txt keeps sign-ups out",
    "volunteers:sign_up_entry": "robots.txt keeps sign-ups out; the page of the entry is listed",
    "volunteers:register": "the page of the event is listed and leads there",
    "programs:month": "months pass; the calendar is listed and leads there",
}
"""Public pages that search engines may show and no sitemap has → why."""


def forms():
    """The addresses of forms that stand in the sitemap."""
    return [
        *(reverse(f"portal:{name}") for name in FORMS),
        *(reverse(f"volunteers:{name}") for name in FORMS_OF_PEOPLE),
        *(reverse("portal:counselling_ask", args=[slug]) for slug in SLUGS),
    ]


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def own(path):
    return portal_settings.SITE_URL + path


def last_changes(client, language="de"):
    """Address → when it changed."""
    rows = read(client, f"/sitemap-{language}.xml").iter(f"{MAP}url")
    return {row.findtext(f"{MAP}loc"): row.findtext(f"{MAP}lastmod") for row in rows}


def test_every_language_has_a_sitemap(client):
    named = [one.text for one in read(client, "/sitemap.xml").iter(f"{MAP}loc")]
    assert named == [own(f"/sitemap-{code}.xml") for code in LANGUAGES]
    assert client.get("/sitemap-xx.xml").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_sitemap_has_every_page_in_its_language_and_names_the_others(client, language):
    small_city()
    root = read(client, f"/sitemap-{language}.xml")
    pages = [*forms(), *(one for one in addresses() if not one.endswith((".xml", ".txt")))]
    found = {row.findtext(f"{MAP}loc"): row for row in root.iter(f"{MAP}url")}
    for path in ("/open-data/", "/organisation-vorschlagen/"):  # there are no others
        german = found.pop(own(path), None)
        assert (german is not None) == (language == "de")
        pages.remove(path)
    assert set(found) == {own(in_language(path, language)) for path in pages}
    for path in pages:
        links = found[own(in_language(path, language))].iter(ANOTHER)
        assert {one.get("hreflang"): one.get("href") for one in links} == {
            tag_of(code): own(in_language(path, code)) for code in LANGUAGES
        }
    visited = [client.get(in_language(pages[number], language)) for number in (0, -1)]
    assert [one.status_code for one in visited] == [200, 200]


def test_without_anybody_who_answers_the_sitemap_has_no_form_that_is_not_there(client):
    found = last_changes(client)
    assert own("/newsletter/") in found
    assert own("/kooperation/") not in found
    assert {client.get(one.removeprefix(own(""))).status_code for one in found} == {200}


def test_lists_and_terms_change_with_the_newest_of_their_entries(client):
    field, district = make_field("Sprache"), make_district("feuerbach")
    entry = make_entry("Vorlesen", fields=[field], districts=[district])
    make_entry("Rechnen")
    Entry.objects.update(updated_at="2026-01-02T00:00:00Z")
    Entry.objects.filter(pk=entry.pk).update(updated_at="2026-03-04T05:06:07Z")
    found = last_changes(client)
    for path in ("/", "/mitmachen/", field.get_absolute_url(), district.get_absolute_url()):
        assert found[own(path)] == "2026-03-04T06:06:07+01:00", path
    assert found[own("/woerter/")] is None


def test_robots_stay_out_in_every_language(client):
    lines = client.get("/robots.txt").text.splitlines()
    for path in ("/anmeldung/", "/en/anmeldung/", "/ar/konto/", "/verwaltung/"):
        assert f"Disallow: {path}" in lines


def test_page_of_a_list_keeps_its_number(client):
    for number in range(13):
        make_entry(f"Einsatz {number}")
    heads = {
        query: re.search(r'rel="canonical" href="([^"]+)"', client.get(f"/mitmachen/{query}").text)
        for query in ("", "?seite=1", "?seite=2", "?seite=99", "?utm_source=x", "?seite=x")
    }
    first, second = own("/mitmachen/"), own("/mitmachen/?seite=2")
    assert [found[1] for found in heads.values()] == [first, first, second, second, first, first]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_behind_a_link_with_a_token_gets_into_a_search_engine(client, language):
    visited = 0
    for name, pattern in patterns():
        converters = pattern.pattern.converters
        if "token" not in converters:
            continue
        kinds = {one: type(found).__name__ for one, found in converters.items()}
        values = {one: ANY[kind.removesuffix("Converter").lower()] for one, kind in kinds.items()}
        if language != "de" and name in ONLY_GERMAN:
            continue
        german = reverse(name, kwargs=values | PURPOSE if "purpose" in values else values)
        address = in_language(german, language)
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        assert response.headers.get("X-Robots-Tag") == "noindex, nofollow", name
        visited += 1
    assert visited > 45


IN_HEAD = (
    '<link rel="icon" href="/favicon.ico"',
    '<link rel="apple-touch-icon" href="/apple-touch-icon.png">',
    '<link rel="manifest" href="',
)
"""What the head of every page has."""


def is_kept_out(response):
    return "noindex" in response.get("X-Robots-Tag", "") or (
        'name="robots" content="noindex' in response.text
    )


def heads(client, pages):
    """Description and title → the pages that have it; without pages that search engines leave out.

    ``pages``: address → its name. Each says which address is its own, once, and stands in the sitemap or
    has a reason in ``NOT_LISTED``.
    """
    descriptions, titles = defaultdict(list), defaultdict(list)
    listed = {one for code in LANGUAGES for one in last_changes(client, code)}
    for address, name in pages.items():
        response = client.get(address)
        if response.status_code != 200 or is_kept_out(response):
            continue
        text = response.text
        assert [part for part in IN_HEAD if part not in text] == [], address
        assert re.findall(r'rel="canonical" href="([^"]+)"', text) == [own(address)], address
        assert (own(address) in listed) != (name in NOT_LISTED), address
        descriptions[re.search(r'name="description" content="(.*?)"', text, re.DOTALL)[1]].append(
            address
        )
        titles[re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]].append(address)
    return descriptions, titles


def shared(said):
    return {text: found for text, found in said.items() if len(found) > 1}


@pytest.mark.slow
def test_every_kind_of_public_page_is_in_the_sitemap_or_has_a_reason(client, arguments):  # noqa: F811
    """From the table of access, so that a page that is added later is among them."""
    names = sorted(open_to_all())
    pages = {path: name for name in names for path in html_addresses([name], arguments)}
    descriptions, titles = heads(client, pages)
    assert len(titles) > 30
    assert shared(titles) == {}
    assert shared(descriptions) == {}
    assert NOT_LISTED.keys() <= set(pages.values())


@pytest.mark.parametrize(
    ("path", "size"), [("/favicon.ico", (48, 48)), ("/apple-touch-icon.png", (180, 180))]
)
def test_icons_are_where_browsers_look_for_them(client, path, size):
    response = client.get(path)
    assert response.status_code == 200
    assert Image.open(BytesIO(b"".join(response.streaming_content))).size == size


@pytest.mark.parametrize(
    ("prefix", "language", "direction"), [("", "de", "ltr"), ("/ar", "ar", "rtl")]
)
def test_manifest_speaks_the_language_of_the_page(client, prefix, language, direction):
    address = f"{prefix}/manifest.webmanifest"
    assert f'<link rel="manifest" href="{address}">' in client.get(f"{prefix}/").text
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/manifest+json"
    found = response.json()
    assert (found["lang"], found["dir"]) == (language, direction)
    assert client.get(found["start_url"]).status_code == 200
    assert "manifest-src 'self'" in response.headers["Content-Security-Policy"]
    for icon in found["icons"]:
        assert icon["src"].endswith(".png")
