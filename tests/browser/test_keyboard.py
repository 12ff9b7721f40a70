"""The keyboard alone, in German and in Arabic: sign-up, filter, status. Nothing is a trap, the order is the page's."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from portal.languages.addresses import GERMAN, in_language
from tests import factories
from tests.browser.test_journeys import HAS_FOCUS, SHOWS_FOCUS, tab_to
from tests.browser.test_page_quality import confirmed
from volunteers.links import applications as application_links
from volunteers.models import Application
from volunteers.models.statuses import Status

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Say = Callable[[str], str]
LANGUAGES = [GERMAN, "ar"]
MOST_STOPS = 250
NEXT_STOP = """() => {
  const [before, now] = [window.before, document.activeElement];
  window.before = now;
  window.first ??= now;
  if (now === document.body || (before && before !== now && now === window.first)) return "end";
  if (!before || before === now) return before ? "stuck" : "on";
  const follows = before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING;
  return follows ? "on" : `back from ${before.outerHTML.slice(0, 120)} to ${now.outerHTML.slice(0, 120)}`;
}"""
"""Whether the focus went on in the order of the page; after the last stop it leaves the page or begins anew."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(language: str) -> Say:
    """What a German text reads like on the page."""

    def said(text: str) -> str:
        with override(language):
            return gettext(text)

    return said


@pytest.fixture
def offer():
    factories.make_clearing_office()
    factories.make_entry("Fußball", languages=["ar"])
    return factories.make_entry("Sprachcafé", without_german=True)


def ends_with(path: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(path)}(#\\w+)?$")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target, at_most=MOST_STOPS)
    page.keyboard.press(key)


def back_to(page: Page, target: Locator) -> None:
    """Press the tab key backwards until ``target`` has the focus, and check that every stop is visible."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate(HAS_FOCUS):
            return
    pytest.fail(f"{target} is not reached")


def test_an_error_is_announced_mended_and_the_sign_up_is_sent(page, offer, language, say):
    page.goto(in_language(reverse("volunteers:sign_up_entry", args=[offer.slug]), language))
    tab_to(page, page.get_by_label(say("Wie heißen Sie?")))
    page.keyboard.type("أمينة")
    tab_to(page, page.locator("[name=email]"), at_most=1)
    page.keyboard.type("amina@")
    press(page, page.locator("[name=age]").first, "Space")
    press(page, page.locator("[name=consent]"), "Space")
    page.keyboard.press("Enter")

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert page.evaluate(SHOWS_FOCUS)
    tab_to(page, summary.get_by_role("link"), at_most=1)
    page.keyboard.press("Enter")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("example.org")
    press(page, page.get_by_role("button", name=say("Anmeldung abschicken")))
    expect(page).to_have_url(ends_with(reverse("volunteers:sign_up_done")))
    application = Application.objects.get()
    assert (application.name, application.email) == ("أمينة", "amina@example.org")
    assert application.preferred_language == language


def test_a_filter_is_ticked_keeps_the_focus_and_is_taken_away(page, offer, language, say):
    page.goto(in_language("/mitmachen/", language))
    box = page.get_by_label(say("ohne Deutschkenntnisse möglich")).first
    press(page, box, "Space")
    expect(page.locator(".card__title")).to_have_text(["Sprachcafé"])
    expect(box).to_be_focused()
    expect(page.locator("div[role=status]").last).not_to_be_empty()
    press(page, page.locator(".chips a").first)
    expect(page.locator(".card__title")).to_have_count(2)
    assert page.evaluate("document.activeElement !== document.body")


def test_the_page_of_a_sign_up_is_written_on_and_the_sign_up_withdrawn(page, offer, language, say):
    page.goto(in_language(application_links.status_path(confirmed(offer)), language))
    press(page, page.locator(".can-do a[href='#schreiben']"))
    expect(page).to_have_url(re.compile("#schreiben$"))
    tab_to(page, page.locator("textarea"), at_most=1)
    page.keyboard.type("Samstags passt es gut.")
    press(page, page.get_by_role("button", name=say("Nachricht schicken")))
    expect(page.get_by_role("status").first).to_contain_text(say("Ihre Nachricht ist verschickt."))
    # The focus is at the heading above it, which says it, too: a status of a new page is read by nobody.
    expect(page.locator("#verlauf")).to_be_focused()
    expect(page.locator("#verlauf")).to_have_accessible_description(
        re.compile(re.escape(say("Ihre Nachricht ist verschickt.")))
    )
    expect(page.locator("blockquote")).to_have_text("Samstags passt es gut.")

    back_to(page, page.get_by_role("link", name=say("Anmeldung zurückziehen")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Anmeldung zurückziehen?"))
    press(page, page.get_by_role("button", name=say("Ja, zurückziehen")))
    expect(page.get_by_text(say("Zurückgezogen.")).first).to_be_visible()
    assert Application.objects.get().status == Status.WITHDRAWN


def test_no_page_is_a_trap_and_the_focus_follows_the_page(page, offer, language):
    form = reverse("volunteers:sign_up_entry", args=[offer.slug])
    status = application_links.status_path(confirmed(offer))
    for path in ("/", "/mitmachen/", "/stadtbezirke/", form, status):
        page.goto(in_language(path, language))
        steps = []
        while len(steps) < MOST_STOPS and "end" not in steps:
            page.keyboard.press("Tab")
            steps.append(page.evaluate(NEXT_STOP))
            assert steps[-1] == "end" or page.evaluate(SHOWS_FOCUS), path
        assert set(steps) == {"on", "end"}, (path, steps)
        assert len(steps) > 15, path
