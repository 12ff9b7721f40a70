"""Without internet: a page in the language of the address, and nothing that anybody has visited."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.cache import caches
from django.http import Http404
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from portal.languages.addresses import in_language
from portal.operations import offline
from tests import factories
from tests.browser.test_page_quality import RULES, confirmed
from tests.browsers import width_of
from volunteers.links import applications as application_links
from volunteers.models.reading import tag_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
READY = "navigator.serviceWorker.ready.then(() => true)"
IS_THERE = "navigator.serviceWorker.getRegistration().then((one) => Boolean(one))"
KEPT = "caches.keys().then((names) => names.length)"


@pytest.fixture
def visitor(open_page) -> Page:
    """Somebody whose browser has the page already."""
    factories.make_clearing_office(phone="0711 216-12345")
    page: Page = open_page(width=360, height=740, keeps_offline_page=True)
    page.goto("/")
    assert page.evaluate(READY)
    return page


def test_the_page_is_in_the_language_of_the_address_and_leads_on(visitor):
    visitor.context.set_offline(True)
    for language in LANGUAGES:
        address = in_language("/termine/", language) + "?art=schulung"
        answer = visitor.goto(address)
        assert answer is not None
        assert answer.status == 503
        expect(visitor.locator("html")).to_have_attribute("lang", tag_of(language))
        expect(visitor.get_by_role("link", name="0711 216-12345")).to_be_visible()
        assert width_of(visitor) == 360
        for scheme in ("light", "dark"):
            visitor.emulate_media(color_scheme=scheme)
            visitor.evaluate(AXE_SCRIPT)
            found = visitor.evaluate("async (rules) => (await axe.run(rules)).violations", RULES)
            assert found == [], (language, scheme, json.dumps(found)[:400])
    visitor.goto("/termine/?art=schulung")
    visitor.context.set_offline(False)
    visitor.get_by_role("link", name="Noch einmal versuchen").click()
    expect(visitor).to_have_url(f"{settings.SITE_URL}/termine/?art=schulung")
    expect(visitor.get_by_role("navigation", name="Hauptmenü")).to_be_visible()


def test_no_page_is_kept_not_even_that_of_a_person(visitor):
    entry = factories.make_entry(organisation=factories.Organisation.objects.get())
    status = application_links.status_path(confirmed(entry))
    visitor.goto(status)
    expect(visitor.locator("main")).to_contain_text("Amina")
    assert visitor.evaluate(KEPT) == 0
    visitor.context.set_offline(True)
    visitor.goto(status)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Gerade kein Internet")
    assert "Amina" not in visitor.content()
    assert visitor.evaluate("typeof caches") == "object"
    assert visitor.evaluate(KEPT) == 0


def test_a_form_that_fails_to_be_sent_is_left_to_the_browser(visitor):
    """It offers to send the form again, which the page could not."""
    visitor.goto(reverse("volunteers:barrier"))
    visitor.locator("main textarea").first.fill("Die Karte")
    visitor.context.set_offline(True)
    failed = pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED")
    with failed, visitor.expect_navigation():
        visitor.get_by_role("button", name="Abschicken").click()


def test_a_new_release_brings_its_own_page(visitor, monkeypatch):
    monkeypatch.setattr(offline, "page_in", lambda language, reach: f"<h1>Neu: {language}</h1>")
    caches["pages"].clear()
    visitor.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    visitor.wait_for_function(
        "navigator.serviceWorker.ready.then((one) => !one.installing && !one.waiting)"
    )
    visitor.context.set_offline(True)
    visitor.goto("/ar/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Neu: ar")


def test_it_leaves_where_the_portal_no_longer_has_it(visitor, monkeypatch):
    def gone(language, reach):
        raise Http404

    monkeypatch.setattr(offline, "page_in", gone)
    caches["pages"].clear()
    session = visitor.context.new_cdp_session(visitor)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")  # as browsers do after half a minute
    visitor.goto("/open-data/")  # whose page does not ask for the worker
    visitor.wait_for_function(f"{IS_THERE}.then((there) => !there)")


def test_chromium_would_install_the_portal(visitor):
    session = visitor.context.new_cdp_session(visitor)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []
