"""Every page of the administration in a real browser: accessible, narrow enough, complete on paper.

The addresses come from the table of access, so a page that is added later is looked at, too. All
texts are words of 60 letters: what holds them holds all.
"""

import io
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect
from pypdf import PdfReader

from tests import factories
from tests.access_table import PEOPLE, TABLE
from tests.browser.test_language_quality import CUT, SPACED
from tests.browser.test_page_quality import LOST, PAPERS, UNFOLD, Visit, log_in
from tests.house.test_access import _address, arguments, people  # noqa: F401  fixtures
from tests.importing import columns_page, confirm, send, upload
from tests.long_words import LONG, lengthen
from tests.markup import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LEAST = {"adm": 270, "coo": 165}
"""Who looks → the least number of pages."""
PARTS = 3
"""The pages are shared among this many tests, which run side by side."""
OF_WIDTH = {
    "resultTypes": ["violations"],
    "runOnly": [
        "color-contrast",
        "link-in-text-block",
        "scrollable-region-focusable",
        "target-size",
    ],
}
"""What may be wrong on a phone although it was right at a desk."""
MOVES = """() => [...document.querySelectorAll("*")]
  .filter((one) => getComputedStyle(one).transitionDuration.split(", ").some((time) => parseFloat(time) > 0.01))
  .concat(document.getAnimations().map((animation) => animation.effect.target))
  .map((one) => one.outerHTML.slice(0, 160)).slice(0, 3)"""
"""What would move although somebody has asked for less motion."""
UNSEEN = """() => {
  const drawn = (style) => ["Top", "Bottom"].some((side) => parseFloat(style[`border${side}Width`]) > 0
    && style[`border${side}Style`] !== "none") || style.textDecorationLine !== "none";
  const pressed = "button, .button, select, textarea, "
    + "input:not([type=checkbox], [type=radio], [type=file], .select2-search__field)";
  return [...document.querySelectorAll(pressed)]
    .filter((one) => one.checkVisibility() && one.clientWidth > 1 && !drawn(getComputedStyle(one)))
    .map((one) => one.outerHTML.slice(0, 160)).slice(0, 3);
}"""
"""What one presses or types into, but has no edge where all backgrounds are the same."""
UNMARKED = """() => {
  const reached = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const focused = [...document.querySelectorAll(reached)]
    .filter((one) => (one.focus(), document.activeElement === one));
  const marked = (one) => (one.focus(), parseFloat(getComputedStyle(one).outlineWidth) >= 2
    && getComputedStyle(one).outlineStyle !== "none");
  return [focused.length, focused.filter((one) => !marked(one)).map((one) => one.outerHTML.slice(0, 160)).slice(0, 3)];
}"""
"""How many parts the keyboard reaches, and which of them do not show that they have the focus."""


@pytest.fixture
def long_words(people, arguments):  # noqa: F811
    factories.make_opening_hours(room := factories.make_room())
    factories.make_carrier_period(room)
    factories.make_room_offer(room)
    assert lengthen() > 30
    return arguments


def look_at(visit: Visit, address: str, *, everywhere: bool) -> None:
    """On a phone, light and dark, at 320 pixels with text spacing, and on paper; ``everywhere`` also at a desk."""
    page = visit.page
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280 if everywhere else 360, "height": 900})
    try:
        answer = page.goto(address)
    except Error as error:  # a file that the browser saves
        if "Download is starting" not in error.message:
            raise
        assert page.request.get(address).status == 200, address
        return
    assert answer is not None
    assert answer.status in {200, 409}, address  # 409: the page of a saved list that no longer fits
    if not answer.headers["content-type"].startswith("text/html"):
        return
    at = urlsplit(page.url).path
    assert at.startswith("/verwaltung/"), f"{address} leads out of the administration: {at}"
    visit.look_again(address)
    page.evaluate(SPACED)  # still at 320 pixels
    if cut := page.evaluate(CUT):
        visit.faults.append(f"{address}: cut with text spacing: {cut}")
    page.evaluate("document.adoptedStyleSheets = []")
    if everywhere:
        page.set_viewport_size({"width": 360, "height": 740})
        visit.run_axe(f"{address} (phone)", OF_WIDTH)
    if moves := page.evaluate(MOVES):
        visit.faults.append(f"{address}: moves: {moves}")
    page.emulate_media(forced_colors="active")
    if unseen := page.evaluate(UNSEEN):
        visit.faults.append(f"{address}: no edge in forced colours: {unseen}")
    page.emulate_media(forced_colors="none")
    visit.print(address)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("person", LEAST)
def test_pages_of_the_administration_are_accessible_and_fit_phone_and_paper(
    person,
    part,
    page,
    people,  # noqa: F811
    long_words,
):
    log_in(page, people[person])
    visit = Visit(page)
    column = PEOPLE.index(person)
    names = sorted(
        name
        for (name, method), statuses in TABLE.items()
        if name.startswith("admin:") and method == "GET" and statuses[column] == 200
    )
    for name in names[part::PARTS]:
        look_at(visit, _address(name, long_words), everywhere=person == "adm")
    assert not visit.faults, "\n".join(visit.faults)
    assert len(set(visit.seen)) > LEAST[person] // PARTS


def test_what_is_lost_on_paper_is_found(page):
    """Otherwise the other test could not fail."""
    for inside in ("<pre>{}</pre>", '<input value="{}">', "<table><tr><td>{}</td></tr></table>"):
        page.set_content(f'<main id="content">{inside.format(LONG * 5)}</main>')
        page.set_viewport_size({"width": min(PAPERS), "height": 900})
        assert page.evaluate(LOST), inside


def test_what_moves_or_shows_neither_edge_nor_focus_is_found(page):
    """Otherwise the other tests could not fail."""
    style = "button { transition: color 1s; border: 0; outline: none }"
    page.set_content(f"<style>{style}</style><main><button>Sichern</button></main>")
    page.keyboard.press("Tab")
    assert page.evaluate(MOVES)
    assert page.evaluate(UNSEEN)
    assert page.evaluate(UNMARKED)[1]


@pytest.mark.slow
def test_focus_is_seen_in_forced_colours(page):
    factories.make_application(factories.make_circle(), status="new")
    log_in(page, factories.make_user("chefin@example.org", is_superuser=True))
    page.emulate_media(forced_colors="active")
    for name, least in (
        ("index", 40),
        ("volunteers_application_changelist", 40),
        ("programs_event_add", 40),
        ("programs_entry_board", 15),
    ):
        page.goto(reverse(f"admin:{name}"))
        page.evaluate(UNFOLD)
        page.keyboard.press("Tab")
        reached, unmarked = page.evaluate(UNMARKED)
        assert reached > least, name
        assert not unmarked, name


@pytest.mark.slow
@pytest.mark.parametrize("landscape", [False, True])
def test_printed_list_repeats_its_heading_and_says_what_it_is(landscape, page, people):  # noqa: F811
    circle = factories.make_circle("Freundeskreis West")
    for number in range(49):
        factories.make_application(circle, f"Person Nummer {number}", status="new")
    log_in(page, people["adm"])
    page.goto("/verwaltung/volunteers/application/?status__exact=new&q=Nummer")
    pages = PdfReader(io.BytesIO(page.pdf(format="A4", landscape=landscape))).pages
    assert len(pages) > 1
    texts = [" ".join(one.extract_text().split()) for one in pages]
    for heading in ("Name", "Status", "Angebot", "Beantwortet von"):
        assert all(heading in text for text in texts if "Nummer" in text), heading
    for said in (
        "49 Zeilen",
        "Suche: Nummer",
        "Status: neu",
        "Stand:",
        "Quelle: Freiwilligenportal",
    ):
        assert said in " ".join(texts[-2:])
    for hidden in ("Zur öffentlichen Seite", "Abmelden", "Exportieren", "Ausführen"):
        assert not any(hidden in text for text in texts), hidden


def lists_at_every_step(user) -> dict[str, str]:
    """What the page of an imported list shows → its address."""
    model = "programs_organisation"
    head = "Name;Art der Organisation;Kurzbeschreibung;Stadtbezirke\n"
    new = f"{LONG};Freundeskreis;{LONG};Süd\n"
    double = f"Arbeitskreis Asyl Sued e. V.;Freundeskreis;{LONG};Süd\n"
    answers = {
        "waiting": send(user, model, (head + new).encode())["Location"] + "?anhalten",
        "columns": columns_page(user, model, (head + new).encode()),
        "problems": upload(user, model, f"{head}{LONG};{LONG};;{LONG}\n".encode()),
        "doubles": upload(user, model, (head + double).encode()),
        "refused": columns_page(user, model, b"\x00\x01\x02", "liste.xlsx"),
        "preview": (ready := upload(user, model, (head + new).encode())),
        "done": confirm(
            user, model, upload(user, model, (head + new * 2).replace("n;", "m;", 1).encode())
        ),
    }
    assert ready.context["upload"].digest
    return {
        what: answer if isinstance(answer, str) else answer.context["upload"].get_absolute_url()
        for what, answer in answers.items()
    }


@pytest.mark.slow
def test_every_step_of_an_import_is_accessible_and_fits_phone_and_paper(page):
    office = factories.make_clearing_office()
    user = factories.make_user("chefin@example.org", is_superuser=True)
    district = factories.make_district("sued")
    factories.make_circle("Arbeitskreis Asyl Süd (AKAS)", department=office, districts=[district])
    log_in(page, user)
    visit = Visit(page)
    for address in lists_at_every_step(user).values():
        look_at(visit, address, everywhere=True)
        assert faults(page.content()) == [], address
    assert len(set(visit.seen)) == 7
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.slow
def test_a_form_with_errors_is_accessible_on_a_phone(page):
    log_in(page, factories.make_user("chefin@example.org", is_superuser=True))
    visit = Visit(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("programs_event", "programs_organisation", "volunteers_companionrequest"):
        page.goto(reverse(f"admin:{name}_add"))
        page.get_by_role("button", name="Sichern", exact=True).click()
        expect(page.locator(".errornote")).to_be_visible()
        visit.look_again(name)
        page.set_viewport_size({"width": 360, "height": 740})
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.slow
def test_a_searched_choice_tells_its_name_before_and_while_one_searches(page):
    factories.make_circle("Freundeskreis West")
    log_in(page, factories.make_user("chefin@example.org", is_superuser=True))
    page.goto(reverse("admin:programs_event_add"))
    page.get_by_role("combobox", name="Organisation:").click()
    search = page.get_by_role("searchbox", name="Organisation")
    search.fill("west")
    page.get_by_role("option", name="Freundeskreis West").click()
    expect(page.get_by_role("combobox", name="Organisation: Freundeskreis West")).to_be_visible()
    expect(page.get_by_role("group", name="Beginn:").get_by_label("Datum:")).to_be_visible()
