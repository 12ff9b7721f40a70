"""Every public page in German, Arabic and Einfache Sprache: accessible, and nothing is lost when text grows.

Each page is opened once in each language and looked at on a desk and on a phone, light and dark.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from portal.languages.addresses import GERMAN, in_language
from tests.browser.test_page_quality import RULES, UNFOLD, Visit, only
from tests.house.test_access import arguments, people  # noqa: F401  fixtures
from tests.pages import html_addresses, in_all_languages, open_to_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_LAYOUT = [*OF_COLOURS, "target-size", "scrollable-region-focusable"]
LOOKS: list[tuple[int, str, dict]] = [
    (1280, "light", RULES),
    (1280, "dark", only(OF_COLOURS)),
    (360, "dark", only(OF_COLOURS)),
    (360, "light", only(OF_LAYOUT)),
]
"""Width, colours, and the rules that may say something else than those before; all others read the document."""
LANGUAGES = [GERMAN, "ar", "leichte-sprache"]
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""What people may set, by WCAG 1.4.12."""
CUT = """() => {
  const hides = (one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX)
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  const isIcon = (one) => getComputedStyle(one).maskImage !== "none";
  const cut = [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.clientWidth > 1 && one.textContent.trim())
    .filter((one) => !one.closest("svg, .visually-hidden") && !isIcon(one) && hides(one));
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) cut.push(root);
  return cut.map((one) => one.outerHTML.slice(0, 160)).slice(0, 3);
}"""
"""What is wider than the page, or hides a part of its own text."""


def look_at(visit: Visit, address: str) -> None:
    page = visit.page
    page.set_viewport_size({"width": LOOKS[0][0], "height": 900})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    visit.seen.append(address)
    page.evaluate(UNFOLD)
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        visit.run_axe(f"{address} ({width} pixels, {scheme})", rules)
    page.set_viewport_size({"width": 320, "height": 800})
    for when in ("at 320 pixels", "with text spacing"):
        if cut := page.evaluate(CUT):
            visit.faults.append(f"{address}: cut {when}: {cut}")
        page.evaluate(SPACED)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_holds_text_spacing(language, page, people, arguments):  # noqa: F811
    visit = Visit(page)
    names = sorted(open_to_all()) if language == GERMAN else in_all_languages()
    for path in html_addresses(names, arguments):
        look_at(visit, in_language(path, language))
    assert not visit.faults, "\n".join(visit.faults)
    assert len(visit.seen) > 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_of_languages_is_accessible_and_fits(language, page, people):  # noqa: F811
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(in_language("/", language))
    page.evaluate(SPACED)
    menu = page.locator(".languages")
    menu.locator("summary").click()
    for one in [menu.locator("summary"), *menu.locator("a").all()]:
        box = one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 320
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "async options => (await axe.run('.languages', options)).violations", RULES
    )
    assert not found


def test_menu_of_languages_closes_when_one_goes_on(page, people):  # noqa: F811
    page.goto("/mitmachen/")
    menu, links = page.locator(".languages"), page.locator(".languages a")
    menu.locator("summary").click()
    expect(links.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(links.first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.mouse.click(5, 600)
    expect(links.first).to_be_hidden()


def test_what_is_cut_is_found(page):
    """Otherwise the other test could not fail."""
    page.set_viewport_size({"width": 320, "height": 800})
    for style in ("white-space: nowrap", "height: 1.2em; overflow: hidden"):
        page.set_content(f'<main><p style="{style}">{"viele Wörter " * 12}</p></main>')
        assert page.evaluate(CUT), style
