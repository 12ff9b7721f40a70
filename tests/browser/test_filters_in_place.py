"""Filters of the catalogue and the calendar change the page in place, and without JavaScript they load it anew."""

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Request, Route, expect

from portal.calendar.months import Month
from tests import factories
from tests.browsers import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)

STATUS = "div[role=status]"


@pytest.fixture(autouse=True)
def offers() -> None:
    factories.make_clearing_office()
    west, feuerbach = factories.make_district("west"), factories.make_district("feuerbach")
    for number in range(13):
        factories.make_entry(f"Lesen {number:02}", districts=[west], languages=["de"])
    factories.make_entry("Fußball", districts=[feuerbach], languages=["ar"], without_german=True)
    factories.make_event("Schulung Feuerbach", kind="training", district=feuerbach)
    factories.make_event("Begegnung West", kind="encounter", district=west)


@pytest.fixture
def held(page: Page) -> Iterator[list[Route]]:
    """Requests that a test holds back. At its end none waits any more."""
    routes: list[Route] = []
    yield routes
    for route in routes:
        with suppress(Error):  # it went on already, or its page is gone
            route.abort()


def stay(page: Page) -> None:
    """Put a mark on the document, which a page that is loaded anew does not have."""
    page.evaluate("document.mark = 'the same'")


def is_same(page: Page) -> bool:
    return bool(page.evaluate("document.mark === 'the same'"))


def test_a_tick_changes_list_counts_address_and_is_announced(page: Page) -> None:
    page.goto("/mitmachen/")
    stay(page)
    box = page.get_by_label("ohne Deutschkenntnisse")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    expect(page.locator(STATUS).last).to_have_text("1 Angebot")
    expect(page.locator(".card__title")).to_have_text(["Fußball"])
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert re.search(r"/mitmachen/\?[a-z_-]+=[^&]+$", page.url), "nothing empty is in the address"
    assert is_same(page)
    switch = page.locator(".languages a[hreflang=en]")
    assert "?" in (switch.get_attribute("href") or ""), "the filter stays in another language"
    plain = page.context.new_page()
    plain.goto(page.url)
    expect(plain.get_by_role("heading", name="1 Angebot")).to_be_visible()


def test_back_and_forward_show_what_the_address_says(page: Page) -> None:
    page.goto("/mitmachen/")
    stay(page)
    first = page.url
    box = page.get_by_label("ohne Deutschkenntnisse")
    box.check()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    second = page.url
    page.get_by_label("Wonach suchen Sie?").fill("Fußball")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=Fu"))
    expect(page.locator(".chip").filter(has_text="Fußball")).to_be_visible()
    page.go_back()
    page.wait_for_url(second)
    expect(page.get_by_label("Wonach suchen Sie?")).to_have_value("")
    expect(box).to_be_checked()
    page.go_back()
    page.wait_for_url(first)
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_visible()
    expect(box).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    expect(box).to_be_checked()
    assert is_same(page)
    page.get_by_role("link", name="Fußball").first.click()
    expect(page.get_by_role("heading", level=1, name="Fußball")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_visible()


def test_turning_the_page_and_taking_a_filter_away_lead_to_the_results(page: Page) -> None:
    page.goto("/mitmachen/")
    stay(page)
    page.get_by_role("link", name="Weiter", exact=True).click()
    expect(page.get_by_text("Seite 2 von 2")).to_be_visible()
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_focused()
    page.get_by_label("ohne Deutschkenntnisse").check()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    page.locator(".chip").first.click()
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_focused()
    expect(page.get_by_label("ohne Deutschkenntnisse")).not_to_be_checked()
    assert is_same(page)


def test_the_last_of_two_ticks_counts_although_its_answer_comes_first(
    page: Page, held: list[Route]
) -> None:
    page.goto("/mitmachen/")
    stay(page)

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"/mitmachen/\?"), hold_the_first)
    page.get_by_label("ohne Deutschkenntnisse").check()
    page.get_by_label("ohne Deutschkenntnisse").uncheck()
    page.wait_for_timeout(50)
    page.get_by_label("Wonach suchen Sie?").fill("Lesen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="13 Angebote")).to_be_visible()
    assert held
    assert is_same(page)


def test_what_is_typed_meanwhile_stays(page: Page, held: list[Route]) -> None:
    page.goto("/mitmachen/")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/mitmachen/\?"), hold)
    page.get_by_label("ohne Deutschkenntnisse").check()
    page.get_by_label("Wonach suchen Sie?").fill("Garten")
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    expect(page.get_by_label("Wonach suchen Sie?")).to_have_value("Garten")
    expect(page.get_by_label("Wonach suchen Sie?")).to_be_focused()


def test_who_goes_elsewhere_meanwhile_gets_there(page: Page, held: list[Route]) -> None:
    page.goto("/mitmachen/")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/mitmachen/\?"), hold)
    page.get_by_label("ohne Deutschkenntnisse").check()
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    page.get_by_role("link", name="Lesen 00").click()
    assert held
    expect(page.get_by_role("heading", level=1, name="Lesen 00")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert "/einsatz/lesen-00" in page.url


def test_on_a_fault_the_page_is_loaded_the_usual_way(page: Page) -> None:
    page.goto("/mitmachen/")
    stay(page)

    def fail_in_scripts(route: Route, request: Request) -> None:
        if request.is_navigation_request():
            route.continue_()
        else:
            route.abort()

    page.route(re.compile(r"/mitmachen/\?"), fail_in_scripts)
    page.get_by_label("ohne Deutschkenntnisse").check()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    assert not is_same(page)
    page.go_back()
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_visible()


def test_the_calendar_is_filtered_in_place(page: Page) -> None:
    day = datetime.datetime.now(factories.BERLIN) + datetime.timedelta(days=7)
    for path in ("/termine/", Month.of(day.date()).path):
        page.goto(path)
        stay(page)
        select = page.get_by_label("Art", exact=True)
        select.focus()
        select.select_option("schulung")
        expect(page.locator("[data-found]")).to_have_text("1 Termin")
        expect(page.locator(STATUS).last).to_have_text("1 Termin")
        expect(page.get_by_text("Begegnung West")).to_have_count(0)
        expect(select).to_be_focused()
        assert page.url.endswith(f"{path}?art=schulung")
        assert is_same(page)
        page.go_back()
        expect(page.locator("[data-found]")).to_have_text("2 Termine")
        expect(select).to_have_value("")
        assert is_same(page)


def test_without_javascript_the_forms_do_the_same(no_js_page: Page) -> None:
    page = no_js_page
    page.goto("/mitmachen/")
    page.get_by_label("ohne Deutschkenntnisse").check()
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="14 Angebote")).to_be_visible()
    page.goto("/termine/")
    page.get_by_label("Art", exact=True).select_option("schulung")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.locator("[data-found]")).to_have_text("1 Termin")


def test_on_a_phone_the_button_leads_to_the_results(open_page: OpenPage) -> None:
    page = open_page(width=360, height=740)
    page.goto("/mitmachen/")
    page.locator(".facets > summary").click()
    page.get_by_label("ohne Deutschkenntnisse").check()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_attached()
    expect(page.get_by_label("ohne Deutschkenntnisse")).to_be_visible()
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_focused()
    expect(page.get_by_role("heading", name="1 Angebot")).to_be_in_viewport()
