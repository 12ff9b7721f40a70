"""Public pages in another language: every text of a record is the translation, or is marked as German."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal.models import KeyFigure
from portal.translating.kinds import lines
from programs.models import Entry
from programs.texts import keep, translation_of
from tests import factories
from tests.portal.test_public_pages import addresses, small_city

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
FEEDS = ("sitemap", "robots", "security", "open-data")


class Spoken(HTMLParser):
    """The texts of a page, apart from those in an element that says that it is German."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.texts: list[str] = []
        self.german: list[str] = []
        self.is_data = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.is_data = tag == "script"
        if tag not in VOID:
            is_german = dict(attrs).get("lang") == "de" or (bool(self.open) and self.open[-1])
            self.open.append(is_german)

    def handle_endtag(self, tag):
        self.is_data = False
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.is_data:  # what machines read
            return
        (self.german if self.open and self.open[-1] else self.texts).append(data)


@pytest.fixture
def city(db):
    small_city()
    Entry.objects.update(
        summary="Kurz gesagt ganz deutsch",
        time_note="Zeitaufwand ganz deutsch",
        period_note="Zeitraum ganz deutsch",
    )
    KeyFigure.objects.update(label="Kennzahl ganz deutsch", note="Erläutert ganz deutsch")


def pages(language):
    with override(language):
        found = addresses()
    return [one for one in found if not any(feed in one for feed in FEEDS)]


def translate_all(language):
    count = 0
    for line in lines(language):
        line.record.pk = line.pk
        texts = {
            name: translation_of(line.record, name, f"ترجمة {line.kind.slug} {name}")
            for name in line.names
        }
        keep(line.record, language, texts)
        count += len(texts)
    return count


@pytest.mark.slow
def test_what_is_translated_is_nowhere_german(city):
    german = {line.record.german(name) for line in lines("ar") for name in line.names}
    # The name of the programme stands in the name of who answers, which stays.
    german = {text for text in german if len(text) > 10} - {"WillkommensPaten"}
    assert translate_all("ar") > 30
    client, found = Client(), {}
    for address in pages("ar"):
        response = client.get(address)
        assert response.status_code == 200, address
        spoken = " ".join(Spoken(response.content.decode()).texts)
        found[address] = {text for text in german if text in spoken}
    assert {address: left for address, left in found.items() if left} == {}


@pytest.mark.slow
def test_what_is_not_translated_is_marked_with_one_note_a_page_and_german_pages_have_none(city):
    client, noted = Client(), 0
    for address in pages("ar"):
        html = client.get(address).content.decode()
        noted += html.count('role="note"')
        assert html.count('role="note"') <= 1, address
        assert "ganz deutsch" not in " ".join(Spoken(html).texts), address
    assert noted > 5
    for address in pages("de"):
        html = client.get(address).content.decode()
        assert 'role="note"' not in html, address
        assert "<span lang=" not in html.partition("<main")[2].partition("</main")[0], address


@pytest.mark.slow
def test_other_languages_need_no_more_queries(city):
    translate_all("ar")
    client = Client()
    for german, arabic in zip(pages("de"), pages("ar"), strict=True):
        counts = []
        for address in (german, arabic):
            client.get(address, {"neu": "1"})  # lists of words are kept for each language
            with CaptureQueriesContext(connection) as queries:
                client.get(address, {"neu": "2"})
            counts.append(len(queries))
        assert counts[1] <= counts[0], (arabic, counts)


def test_a_kept_page_shows_a_new_translation_at_once(transactional_db):
    factories.make_clearing_office()
    programme = factories.make_programme(summary="Sie lesen mit Kindern.")
    with override("en"):
        address = programme.get_absolute_url()
    client = Client()
    assert "Sie lesen mit Kindern." in client.get(address).content.decode()
    keep(programme, "en", {"summary": translation_of(programme, "summary", "You read.")})
    assert "You read." in client.get(address).content.decode()
