"""An issue as a mail: HTML and text say the same, nothing is loaded or counted, it is small and can be read by all."""

import datetime
import itertools
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from portal.newsletter import content, rendering
from portal.newsletter.issue_models import LONGEST_TEXT, MOST_BLOCKS
from portal.newsletter.issues import problem_of, rendered
from portal.newsletter.own_text import html_of, plain_of
from portal.newsletter.rendering import LARGEST, Links
from tests import factories
from volunteers.notifications.finishing import as_sent

pytestmark = pytest.mark.django_db

LINKS = Links(leave="https://portal.example/weg/abc", choose="https://portal.example/mein/abc")
OWN_TEXT = """Liebe Engagierte,

**danke** für alles. Mehr auf [unserer Seite](https://example.org/a?b=1&c=2) und https://example.org/d.

- Sprachcafé
- Lotsen <b>und</b> mehr
"""


class Tags(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def issue():
    """Own text, an opportunity and an event."""
    factories.make_clearing_office()
    circle = factories.make_circle("Freundeskreis Feuerbach")
    issue = factories.make_issue(texts=[OWN_TEXT], summary="Ein Café, ein Abend")
    entry = factories.make_entry(
        title="Sprachcafé <Nord>",
        summary="Zusammen Deutsch üben",
        organisation=circle,
        languages=["de", "ar"],
    )
    starts = timezone.now() + datetime.timedelta(days=20)
    event = factories.make_event(
        "Bürgerdialog", organisation=circle, starts_at=starts, takes_registrations=True
    )
    factories.make_block(issue, entry=entry, position=20)
    factories.make_block(issue, event=event, text="Kommen Sie!", position=30)
    return issue


def test_html_and_text_say_the_same(issue):
    mail = rendered(issue).finished(LINKS)
    shown = re.sub(r"\s+", "", Tags(mail.html).words)
    said = ["Liebe Engagierte", "Sprachcafé <Nord>", "Zusammen Deutsch üben", "Rathaus"]
    said += [
        "Deutsch, Arabisch",
        "Freundeskreis Feuerbach",
        "Kommen Sie!",
        "Lotsen <b>und</b> mehr",
    ]
    for words in said:
        assert words in mail.text
        assert re.sub(r"\s+", "", words) in shown


def test_it_loads_nothing_runs_nothing_and_follows_nobody(issue):
    page = Tags(rendered(issue).finished(LINKS).html)
    names = {tag for tag, _attributes in page.tags}
    assert not names & {"img", "script", "link", "iframe", "object", "form", "input", "video", "b"}
    attributes = {name for _tag, found in page.tags for name in found}
    assert not attributes & {"src", "background", "srcset", "onload", "onclick"}
    assert "url(" not in rendered(issue).html


def test_all_links_are_those_of_the_office_or_pages_of_the_portal(issue, settings):
    mail = rendered(issue).finished(LINKS)
    links = [found["href"] for tag, found in Tags(mail.html).tags if tag == "a"]
    foreign = {link for link in links if not link.startswith(settings.SITE_URL)}
    own_text = {"https://example.org/a?b=1&c=2", "https://example.org/d"}
    assert foreign == own_text | {LINKS.leave, LINKS.choose}
    for link in foreign:
        assert link in mail.text
    client = Client()
    of_offers = [link for link in links if "/einsatz/" in link or "/termine/" in link]
    assert len(of_offers) == 2
    for link in of_offers:
        assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_the_last_lines_say_who_why_and_how_to_leave(issue, settings):
    text = rendered(issue).finished(LINKS).text
    last = text.split("\n-- \n")[1]
    assert "Landeshauptstadt Stuttgart" in last
    assert f"Newsletter abbestellen:\n{LINKS.leave}" in last
    assert f"Themen ändern:\n{LINKS.choose}" in last
    assert f"Im Browser lesen:\n{settings.SITE_URL}{issue.get_absolute_url()}" in last
    assert "-leave-" not in text


def test_headings_go_down_by_one_and_the_language_is_said(issue):
    page = Tags(rendered(issue).html)
    levels = [int(tag[1]) for tag, _found in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert ("html", {"lang": "de", "dir": "ltr"}) in page.tags
    tables = [found for tag, found in page.tags if tag == "table"]
    assert tables
    assert {found.get("role") for found in tables} == {"presentation"}


def test_every_coloured_text_has_a_colour_in_dark_mode(issue):
    mail = rendered(issue)
    dark = mail.html.split("prefers-color-scheme: dark")[1].split("</style>")[0]
    known = set(re.findall(r"\.([a-z]+)", dark))
    assert {"paper", "sheet", "ink", "soft", "green", "tint"} <= known
    for tag, found in Tags(mail.html).tags:
        style = found.get("style") or ""
        if re.search(r"(?<![-\w])color:", style) and "background-color:#f7c22f" not in style:
            assert set((found.get("class") or "").split()) & known, (tag, style)


def test_a_full_issue_is_under_60_kb_and_a_larger_one_is_not_sent(issue):
    for number in range(14):
        text = "Ein Absatz über das Ehrenamt. " * 20
        factories.make_block(issue, title=f"Neuigkeit {number}", text=text, position=40)
    size = rendered(issue).size()
    assert size < LARGEST == 60_000
    assert problem_of(issue) == ""
    for _number in range(MOST_BLOCKS - 17):
        factories.make_block(issue, text="x" * LONGEST_TEXT, position=50)
    assert "zu groß" in problem_of(issue)
    assert rendered(issue).size() > LARGEST


def test_the_size_counts_the_finished_mail(issue):
    mail = rendered(issue)
    message = mail.message("amira@example.org", LINKS, {"Message-ID": "<1@example.org>"})
    sent = len(as_sent(message))
    assert sent < mail.size() < sent + 3000


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[klick](javascript:alert(1))",
        "![bild](https://example.org/p.png)",
        '<img src="https://example.org/p.png">',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        'https://example.org/"onmouseover=alert(1)',
    ],
)
def test_own_text_makes_no_code_and_no_picture(text):
    for styled in (True, False):
        page = Tags(str(html_of(text, styled=styled)))
        assert {tag for tag, _found in page.tags} <= {"p", "a"}
        for _tag, found in page.tags:
            assert set(found) <= {"dir", "style", "class", "href"}
            assert (found.get("href") or "https://").startswith(("https://", "http://", "mailto:"))


def test_own_text_as_plain_text_keeps_lists_and_addresses():
    text = (
        "## Titel\n\nSiehe [hier](https://a.example/x).\n\n- eins\n- zwei\n  1. zwei eins\n\nEnde"
    )
    assert plain_of(text) == (
        "Titel\n\nSiehe hier (https://a.example/x).\n\n- eins\n- zwei\n  1. zwei eins\n\nEnde"
    )


def test_other_scripts_keep_their_direction():
    issue = factories.make_issue("أخبار", texts=["مرحبا بكم"], language="ar")
    mail = rendered(issue)
    assert '<html lang="ar" dir="rtl">' in mail.html
    assert "مرحبا بكم" in mail.text


def test_what_is_over_or_not_public_is_left_out(issue):
    first, second, third = content.blocks_of(issue)
    assert [content.left_out(block) for block in (first, second, third)] == ["", "", ""]
    second.entry.is_published = False
    third.event.is_cancelled = True
    assert content.left_out(second) == "nicht mehr veröffentlicht"
    assert content.left_out(third) == "abgesagt"
    third.event.is_cancelled, third.event.ends_at = False, timezone.now() - datetime.timedelta(1)
    assert content.left_out(third) == "vorbei"
    said = content.assemble(issue, [first, second, third])
    assert len(said.parts) == 1


def test_what_was_kept_comes_back_the_same(issue):
    said = content.content_of(issue)
    issue.content = said.as_json()
    issue.begun_at, issue.status = timezone.now(), "sent"
    issue.save()
    issue.refresh_from_db()
    assert content.content_of(issue) == said


def test_the_districts_are_those_of_its_offers_or_the_whole_city():
    here, there = factories.make_district("feuerbach"), factories.make_district("moehringen")
    issue = factories.make_issue()
    for district in (here, there):
        entry = factories.make_entry(title=district.name)
        entry.districts.set([district])
        factories.make_block(issue, entry=entry)
    assert set(content.districts_of(content.blocks_of(issue))) == {here, there}
    factories.make_block(issue, entry=factories.make_entry(title="Überall"))
    assert content.districts_of(content.blocks_of(issue)) == []


def test_rendering_asks_the_database_nothing(issue, django_assert_num_queries):
    said = content.content_of(issue)
    with django_assert_num_queries(0):
        rendering.render(said, web_url="https://portal.example/newsletter/ausgaben/1/")
