"""What people set on their device: colours of their own in place of the portal's, and less motion."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests import factories
from tests.browser.test_page_quality import UNFOLD, confirmed
from volunteers.links import applications as application_links

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LOOK = """
  const look = (one) => {
    const own = getComputedStyle(one);
    const drawn = [own.outlineStyle, own.outlineWidth, own.outlineColor, own.borderColor, own.stroke, own.scale];
    return drawn.join() + [...one.children].map((child) => getComputedStyle(child).stroke).join();
  };
  const around = (one) => one ? look(one) + around(one.parentElement) : "";
"""
UNSEEN_FOCUS = f"""() => {{
  {LOOK}
  const seen = (one) => {{
    one.focus({{ focusVisible: true, preventScroll: true }});
    const focused = around(one);
    one.blur();
    return one.matches(":disabled") || focused !== around(one);
  }};
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({{ visibilityProperty: true }}) && one.tabIndex >= 0 && !seen(one))
    .map((one) => one.outerHTML.slice(0, 160)).slice(0, 5);
}}"""
"""What looks the same with the focus and without it; what is chosen may not hide it."""
UNSEEN_CONTROLS = """() => {
  const bare = (one) => {
    const own = getComputedStyle(one);
    const hasEdge = own.borderStyle !== "none" && parseFloat(own.borderWidth) >= 1;
    const isDrawn = hasEdge && own.borderColor !== own.backgroundColor;
    return !isDrawn && !["checkbox", "radio"].includes(one.type) && !own.textDecorationLine.includes("underline");
  };
  return [...document.querySelectorAll("button, a.button, input, select, textarea")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.clientWidth > 1 && bare(one))
    .map((one) => one.outerHTML.slice(0, 160)).slice(0, 5);
}"""
"""Controls without an edge: their background is gone."""
UNSEEN_PLACE = """() => {
  const drawn = (one) => {
    const own = getComputedStyle(one);
    return [own.borderColor, own.color, own.backgroundColor, own.fontWeight, own.textDecorationLine].join();
  };
  return [...document.querySelectorAll("a[aria-current]")].filter((one) => {
    const others = one.closest("ul, nav").querySelectorAll("a:not([aria-current])");
    return one.checkVisibility() && [...others].some((other) => drawn(other) === drawn(one));
  }).map((one) => one.outerHTML.slice(0, 160));
}"""
"""Links to the page that is open, and look like those to other pages."""
MOVES = """() => [...document.querySelectorAll("*")].filter((one) => {
  const own = getComputedStyle(one);
  const takes = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  return takes(own.transitionDuration) || takes(own.animationDuration) || own.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 120)).slice(0, 5)"""


@pytest.fixture
def pages() -> list[str]:
    factories.make_clearing_office()
    district = factories.make_district("feuerbach")
    offer = factories.make_entry("Sprachcafé", districts=[district], weekdays=[5])
    factories.make_event(part_of=offer, district=district, organisation=offer.organisation)
    factories.make_key_figure()
    sign_up = reverse("volunteers:sign_up_entry", args=[offer.slug])
    status = application_links.status_path(confirmed(offer))
    lists = ["/", "/mitmachen/?bezirk=feuerbach", "/stadtbezirke/", "/stadtbezirke/feuerbach/"]
    return [*lists, "/kalender/", "/zahlen/", offer.get_absolute_url(), sign_up, status]


def faults(page: Page, pages: list[str], *scripts: str) -> list[str]:
    found = []
    for path in pages:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate(UNFOLD)
        page.evaluate("document.querySelector('[type=radio], [type=checkbox]')?.click()")
        found += [f"{path}: {one}" for script in scripts for one in page.evaluate(script)]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_colours_of_their_own_focus_controls_and_place_are_seen(scheme, page, pages):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    found = faults(page, pages, UNSEEN_FOCUS, UNSEEN_CONTROLS, UNSEEN_PLACE)
    assert not found, "\n".join(found)


def test_who_wants_less_motion_sees_none(page, pages):
    page.emulate_media(reduced_motion="reduce")
    found = faults(page, pages, MOVES)
    assert not found, "\n".join(found)
    page.emulate_media(reduced_motion="no-preference")
    assert faults(page, pages[:1], MOVES), "otherwise this test could not fail"


def test_what_is_not_seen_is_found(page):
    """Otherwise the other test could not fail."""
    page.emulate_media(forced_colors="active")
    page.set_content(
        '<nav><a href="#1" aria-current="page" style="outline: 3px solid Highlight">1</a> <a href="#2">2</a></nav>'
        '<button style="border: 0; background: red">Los</button>'
    )
    assert "#1" in page.evaluate(UNSEEN_FOCUS)[0]
    assert "Los" in page.evaluate(UNSEEN_CONTROLS)[0]
    assert "#1" in page.evaluate(UNSEEN_PLACE)[0]
