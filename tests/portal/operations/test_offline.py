"""The service worker: one script with the page for „no internet“ in every language, and nothing else."""

import json
import re

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.utils.translation import get_language

from portal.operations import offline
from tests import factories
from tests.markup import faults
from volunteers.models.reading import tag_of

pytestmark = pytest.mark.django_db
ADDRESS = "/offline.js"


def pages_of(response) -> dict[str, str]:
    return json.loads(re.search(r"^const PAGES = (.*);$", response.text, re.MULTILINE)[1])


def test_it_has_a_page_in_every_language(client: Client):
    factories.make_clearing_office(phone="0711 216-12345")
    response = client.get(ADDRESS)
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "worker-src 'self'" in response.headers["Content-Security-Policy"]
    pages = pages_of(response)
    assert list(pages) == [code for code, _name in portal_settings.LANGUAGES]
    for code, page in pages.items():
        assert faults(page) == []
        assert (
            f'<html lang="{tag_of(code)}" dir="{"rtl" if code in {"ar", "fa"} else "ltr"}">' in page
        )
        assert ">0711 216-12345</a>" in page
        assert not re.search(r"<(script|img|link)|(src|action)=", page)


def test_a_new_language_has_one_with_its_line_in_the_settings(client: Client, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("pl", "Polski")]
    page = pages_of(client.get(ADDRESS))["pl"]
    assert '<html lang="pl"' in page
    assert 'href="/pl/"' in page


def test_without_a_clearing_office_it_names_no_telephone(client: Client):
    assert "tel:" not in client.get(ADDRESS).text


def test_what_staff_changes_is_in_it_at_once(client: Client):
    office = factories.make_clearing_office(phone="0711 216-12345")
    before = client.get(ADDRESS)
    assert client.get(ADDRESS, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    office.phone = "0711 216-99999"
    office.save()
    after = client.get(ADDRESS, headers={"If-None-Match": before.headers["ETag"]})
    assert "216-99999" in after.text


def test_pages_have_it_kept_after_everything_else(client: Client):
    factories.make_clearing_office()
    assert re.search(r'<script src="/static/js/pages\.js" defer>', client.get("/").text)


def test_its_page_may_load_nothing_and_shows_its_own_look(client: Client):
    policy = json.loads(
        re.search(r"^const HEADERS = (.*);$", client.get(ADDRESS).text, re.MULTILINE)[1]
    )["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert f"<style>{offline.LOOK}</style>" in offline.page_in("de", None)
    assert get_language() == "de"
