"""Rules for every page, tested in a real browser: accessible, narrow enough, safe, printable.

Each page is opened once and checked for everything, because opening takes the time. All faults of
all pages are reported at the end, by URL.
"""

import datetime
import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.figures.measures import Split
from portal.models import Page as StaticPage
from programs.models import Entry, Event, Story
from tests import factories
from tests.long_words import lengthen
from tests.portal.figures import made_up
from tests.shown import make_picture, make_story, make_voice, photo
from volunteers.links import applications as application_links
from volunteers.models import Application
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}


def only(rules: list[str]) -> dict:
    return {"preload": False, "resultTypes": ["violations"], "runOnly": rules}


WITH_AXE = f"if (window === top) {{ {AXE_SCRIPT} }}"
"""Run by the browser before a page's own scripts; sending axe to each open page takes a tenth of a second."""
CONTRAST = only(["color-contrast"])
RUN_AXE = "async options => (await axe.run(options)).violations"
"""Scripts from the browser's debugger run under the strict content security policy, too."""
UNFOLD = "document.querySelectorAll('details:not(.languages)').forEach(one => one.open = true)"
"""The menu of languages lies above the page while it is open, so it has a test of its own."""
SETTLE = "document.getAnimations().forEach(animation => animation.finish())"
LOST = """() => {
  const paper = document.documentElement.clientWidth;
  const hides = (one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1;
  return [...document.querySelectorAll("main, main *")]
    .filter((one) => one.checkVisibility() && !one.matches("option") && !one.closest("svg, .visually-hidden"))
    .filter((one) => one.getBoundingClientRect().right > paper + 1 || hides(one))
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3);
}"""
"""What would be missing on paper: beyond the right edge, or too wide for the box that it is in."""
PAPERS = {688: "upright paper", 1017: "paper across"}
"""Pixels between the margins of A4."""
WIDTHS = {640: "1280 pixels at 200 %", 320: "320 pixels"}


def confirmed(entry: Entry, **changes: str) -> Application:
    """A sign-up that was confirmed by its mailed link."""
    values = {"name": "Amina", "email": "amina@example.org", "age": "adult"} | changes
    services.submit_application(entry=entry, answers=values)
    return services.confirm_application(application=entry.applications.latest("pk"))


@pytest.fixture
def site():
    """The starting data, and more that a running portal has: an offer, events, a full group, a figure."""
    call_command("load_reference", verbosity=0)
    return make_offer()


def make_offer() -> Entry:
    office = factories.make_clearing_office()
    district = factories.District.objects.get(slug="feuerbach")
    offer = factories.make_entry(organisation=office, districts=[district], languages=["ar", "de"])
    choir = factories.make_entry(title="Chor", organisation=office, places=1)
    confirmed(choir, email="voll@example.org")
    factories.make_event(organisation=office, district=district, part_of=offer)
    factories.make_event(title="Bürgerdialog", organisation=office, kind="dialogue")
    for number in range(3):
        make_picture(offer, photo((800, 1000)) if number else None)
        make_voice(offer)
    make_picture(story=make_story(factories.make_programme(organisation=office)))
    rows = {str(office.pk): (office.title, 40)}
    made_up.publish("applications", datetime.date(2026, 10, 31), {Split.ORGANISATION: rows})
    return offer


class Visit:
    """A browser page that visits URLs and collects the faults."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(WITH_AXE)
        self.faults: list[str] = []
        self.seen: list[str] = []

    def look(self, address: str, *, narrow: bool = True, accessible: bool = True) -> None:
        """Open ``address`` and check it."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.page.goto(address)
        self.look_again(address, narrow=narrow, accessible=accessible)

    def look_again(self, name: str, *, narrow: bool = True, accessible: bool = True) -> None:
        """Check the open page, after opening everything that is folded.

        Waits until it is there as a whole: after a click the browser has only begun to read it.
        """
        self.seen.append(name)
        self.page.wait_for_load_state()
        self.page.evaluate(UNFOLD)
        if accessible:
            if not self.page.evaluate(
                "'axe' in window"
            ):  # the page was open before the visit began
                self.page.evaluate(AXE_SCRIPT)
            self.run_axe(f"{name} (light)", RULES)
            self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            self.run_axe(f"{name} (dark)", CONTRAST)
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for width, meaning in WIDTHS.items() if narrow else ():
            self.page.set_viewport_size({"width": width, "height": 800})
            sizes = self.page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            if sizes[0] > sizes[1]:
                self.faults.append(f"{name}: {sizes[0]} pixels wide at {meaning}")

    def print(self, name: str) -> None:
        """Check that the open page is complete on A4."""
        self.page.emulate_media(media="print")
        for width, meaning in PAPERS.items():
            self.page.set_viewport_size({"width": width, "height": 900})
            if lost := self.page.evaluate(LOST):
                self.faults.append(f"{name}: lost on {meaning}: {lost}")
        self.page.emulate_media(media="screen")

    def run_axe(self, name: str, options: dict) -> None:
        self.page.evaluate(SETTLE)
        for violation in self.page.evaluate(RUN_AXE, options):
            nodes = [node["html"][:200] for node in violation["nodes"][:3]]
            self.faults.append(
                f"{name}: {violation['id']}: {violation['help']} {json.dumps(nodes)}"
            )


def public_addresses() -> list[str]:
    """One URL of every kind of public page."""
    entries = Entry.objects.filter(is_published=True)
    kinds = [entries.filter(kind=kind).first() for kind in Entry.Kind.values]
    ended = entries.filter(status="ended").first()
    event = factories.Event.objects.first()
    return [
        "/",
        "/mitmachen/",
        "/mitmachen/?bezirk=feuerbach&umkreis=1&q=Freundeskreis&sortierung=a-z",
        "/mitmachen/?q=Wilkommenspaten",
        "/mitmachen/?q=xqzvw",
        "/mitmachen/?ort=70469&zustand=beendet",
        "/mitmachen/?ort=Feurbach",
        "/stadtbezirke/",
        "/stadtbezirke/feuerbach/",
        "/felder/",
        "/felder/sprache/",
        "/termine/",
        "/termine/?art=schulung",
        "/zahlen/",
        "/woerter/",
        "/mitmachen/?q=" + "Wort+" * 40,
        event.get_absolute_url(),
        "/geschichten/",
        *(story.get_absolute_url() for story in Story.objects.public()),
        *(entry.get_absolute_url() for entry in [*kinds, ended] if entry),
        *(f"/seiten/{page.slug}/" for page in StaticPage.objects.all()),
        "/gibt-es-nicht/",
        reverse("account_login"),
        reverse("account_request_login_code"),
    ]


@pytest.mark.long
@pytest.mark.slow
def test_public_pages_are_accessible_and_fit_narrow_screens(page, site):
    visit = Visit(page)
    addresses = public_addresses()
    for address in addresses:
        visit.look(address)
    assert len(visit.seen) == len(addresses) > 25
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.long
@pytest.mark.slow
def test_public_pages_hold_words_of_60_letters_on_phone_and_paper(page, site):
    assert lengthen() > 20
    visit = Visit(page)
    sign_up = reverse("volunteers:sign_up_entry", args=[site.slug])
    register = [
        reverse("volunteers:register", args=[event.slug])
        for event in Event.objects.filter(takes_registrations=True)
    ]
    for address in [*public_addresses(), sign_up, *register]:
        visit.look(address, accessible=False)
        visit.print(address)
    assert not visit.faults, "\n".join(visit.faults)


def log_in(page: Page, user) -> None:
    client = Client()
    client.force_login(user)
    page.goto("/robots.txt")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}]
    )


@pytest.mark.slow
def test_pages_on_the_way_of_a_sign_up_are_accessible_and_fit_narrow_screens(page, site):
    visit = Visit(page)
    form = reverse("volunteers:sign_up_entry", args=[site.slug])
    full = Entry.objects.get(title="Chor")
    ended = Entry.objects.joinable().filter(status="ended").first()
    visit.look(reverse("volunteers:sign_up"))
    visit.look(reverse("volunteers:sign_up_entry", args=[full.slug]))
    visit.look(reverse("volunteers:sign_up_entry", args=[ended.slug]))
    visit.look(form)
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.look_again(f"{form} with errors")
    visit.look(reverse("volunteers:sign_up_done"))

    person = {"name": "x" * 120, "email": "amina@example.org", "age": "minor"}
    services.submit_application(entry=site, answers=person | {"message": "y" * 2000})
    application = site.applications.get()
    visit.look(application_links.confirm_url(application))
    services.confirm_application(application=application)
    visit.look(application_links.confirm_url(application))
    status = application_links.status_path(application)
    for address in (status, f"{status}aendern/", f"{status}zurueckziehen/"):
        visit.look(address)

    user = factories.make_user("amina@example.org")
    log_in(page, user)
    visit.look(reverse("volunteers:my_page"))
    user.emailaddress_set.create(email=user.email, verified=True)
    visit.look(reverse("volunteers:my_page"))
    visit.look(reverse("account_logout"))
    services.withdraw_application(application=application)
    visit.look(status)
    assert len(visit.seen) == 15
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.slow
def test_entry_and_status_page_can_be_printed(page, site):
    application = confirmed(site)
    for address in (site.get_absolute_url(), application_links.status_path(application)):
        page.goto(address)
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("navigation", name="Hauptmenü")).to_be_hidden()
        pdf = page.pdf(format="A4", tagged=True)
        assert pdf.startswith(b"%PDF-")
        assert pdf.count(b"/Type /Page\n") <= 2
