"""A page is in the language of its address, for everybody and in every cache."""

import re

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.languages.addresses import ONLY_GERMAN, in_language, language_of
from portal.languages.compiling import compile_catalogues
from programs.texts import keep, translation_of
from tests import factories
from tests.addresses import patterns
from tests.volunteers.notifications.test_every_mail import as_received
from volunteers.models import Application, OutgoingMail
from volunteers.notifications import applications

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    factories.make_clearing_office()
    return factories.make_entry("Sprachcafé", slug="sprachcafe")


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "de"),
        ("/mitmachen/", "de"),
        ("/ar/", "ar"),
        ("/ar/mitmachen/?feld=sprache", "ar"),
        ("/leichte-sprache/", "leichte-sprache"),
        ("/de/", "de"),
        ("/arabisch/", "de"),
        ("//ar/", "de"),
        ("", "de"),
    ],
)
def test_language_of_an_address(path, language):
    assert language_of(path) == language


def test_address_in_another_language_is_the_same_page():
    assert in_language("/mitmachen/", "ar") == "/ar/mitmachen/"
    assert in_language("/ar/mitmachen/", "uk") == "/uk/mitmachen/"
    assert in_language("/ar/mitmachen/", "de") == "/mitmachen/"
    assert in_language("/", "en") == "/en/"
    assert in_language("/en/", "de") == "/"


def test_page_says_its_language_and_direction(client, entry):
    for path, tag, direction in (("/", "de", "ltr"), ("/ar/", "ar", "rtl"), ("/fa/", "fa", "rtl")):
        response = client.get(path)
        assert f'<html lang="{tag}" dir="{direction}">' in response.content.decode()
        assert response["Content-Language"] == tag
    assert client.get("/leichte-sprache/")["Content-Language"] == "de-simple"


def test_browser_never_chooses_the_language(client, entry):
    """Else a cache would have to keep a page for each browser."""
    response = client.get("/", headers={"Accept-Language": "ar"})
    assert '<html lang="de"' in response.content.decode()
    assert "Accept-Language" not in response.get("Vary", "")


def test_page_names_itself_in_every_language(client, entry):
    page = client.get("/uk/mitmachen/?feld=sprache").content.decode()
    for language, _name in settings.LANGUAGES:
        assert f'href="{settings.SITE_URL}{in_language("/mitmachen/", language)}"' in page
        assert f'href="{in_language("/mitmachen/", language)}?feld=sprache"' in page
    assert re.findall(r'hreflang="(x-default)"', page) == ["x-default"]
    assert page.count('aria-current="true"') == 1


def test_every_language_is_offered_in_its_own_words(client, entry):
    page = client.get("/").content.decode()
    offers = re.findall(r'data-offer="([^"]+)"', page)
    assert (
        len(set(offers)) == len(settings.LANGUAGES) - 1
    )  # Einfache Sprache offers itself in German


def test_kept_pages_are_kept_by_language(client, entry):
    pages = [client.get(f"{prefix}/mitmachen/").content for prefix in ("", "/en", "/ar", "")]
    assert pages[0] == pages[3]
    assert len(set(pages)) == 3


def test_links_of_a_page_stay_in_its_language(client, entry):
    links = set(
        re.findall(r'<a [^>]*href="(/[^"#?]*)', client.get("/uk/mitmachen/").content.decode())
    )
    others = {in_language("/uk/mitmachen/", code) for code, _name in settings.LANGUAGES}
    german = {link for link in links - others if not link.startswith("/uk/")}
    assert german == {reverse("admin:index")}
    assert len(links) > 20


def test_what_exists_in_german_only_leads_there(client):
    names = {name for name, _pattern in patterns()}
    assert set(ONLY_GERMAN) - {"portal:demo_mailbox", "portal:demo_mail"} <= names
    response = client.get("/ar/robots.txt?a=b")
    assert (response.status_code, response["Location"]) == (302, "/robots.txt?a=b")


def test_administration_is_german_in_every_session(client, admin_client, entry):
    client.get("/ar/")
    page = admin_client.get("/verwaltung/").content.decode()
    assert '<html lang="de"' in page
    assert client.get("/ar/verwaltung/").status_code == 404


@pytest.mark.parametrize("path", ["/xx/", "/de/", "/en-us/", "/ar", "/%2Far/", "/ar//", "/AR/"])
def test_unknown_language_is_a_clear_answer(client, entry, path):
    response = client.get(path)
    assert response.status_code in {301, 404}


def test_error_page_speaks_the_language_of_its_address(client):
    pages = [
        client.get(f"{prefix}/gibt-es-nicht/").content.decode() for prefix in ("", "/en", "/ar")
    ]
    assert len({re.search("<h1>(.*)</h1>", page)[1] for page in pages}) == 3
    assert 'dir="rtl"' in pages[2]


def test_sign_up_stays_in_its_language_to_the_end(entry):
    client = Client()
    path = "/en/anmelden/sprachcafe/"
    assert '<html lang="en"' in client.get(path).content.decode()
    data = {
        "name": "Amira",
        "email": "amira@example.org",
        "age": "adult",
        "consent": "on",
        "preferred_language": "en",
    }
    response = client.post(path, data)
    assert response["Location"].startswith("/en/anmelden/danke/")
    assert Application.objects.get().preferred_language == "en"


@pytest.fixture
def swahili(tmp_path, settings):
    """A language that the portal does not have: one line in the settings and a catalogue."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("sw", "Kiswahili")]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]
    source = tmp_path / "sw" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    made.append(polib.POEntry(msgid="Mitmachen", msgstr="Shiriki"))
    made.save(str(source))
    compile_catalogues()


def test_a_new_language_is_a_catalogue_and_a_line_in_the_settings(client, entry, swahili):
    page = client.get("/sw/mitmachen/").content.decode()
    assert '<html lang="sw" dir="ltr">' in page
    assert "<h1>Shiriki</h1>" in page
    assert "Wonach suchen Sie?" in page  # what is not translated is German
    assert ">Kiswahili<" in client.get("/").content.decode()


def test_records_mails_and_papers_speak_a_new_language_too(client, entry, swahili, queued_mail):
    keep(entry, "sw", {"title": translation_of(entry, "title", "Mkahawa wa lugha")})
    page = client.get("/sw" + entry.get_absolute_url()).content.decode()
    assert "<h1>Mkahawa wa lugha</h1>" in page
    application = factories.make_application(
        entry.organisation, entry=entry, preferred_language="sw"
    )
    applications.withdrawn(application)
    mail = as_received(OutgoingMail.objects.latest("pk"))
    assert mail["Content-Language"] == "sw"
    assert "Mkahawa wa lugha" in mail["Subject"]
