"""What holds for every mail that the portal sends: HTML beside the text, short links, a bounded subject."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.template import Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.utils import translation

from tests import mails
from tests.people import people_with
from volunteers.models import OutgoingMail
from volunteers.notifications.sending import LONGEST_SUBJECT, subject_of

pytestmark = pytest.mark.django_db

SITE = "https://freiwilligenportal.stuttgart.de"
TEMPLATES = Path(portal_settings.BASE_DIR) / "templates"


class Page(HTMLParser):
    """The tags of an HTML part, the words that it shows, and where its links lead."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: dict[str, str] = {}
        self.words = ""
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "a":
            self._link = str(dict(attrs)["href"])
            self.links.setdefault(self._link, "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and "title" not in self._open:
            self.words += f" {data}"
        if "a" in self._open:
            self.links[self._link] += data


@pytest.fixture
def sent(settings, queued_mail) -> list[EmailMessage]:
    settings.SITE_URL = SITE
    mails.send_all()
    return [as_received(mail) for mail in OutgoingMail.objects.order_by("pk")]


def as_received(mail: OutgoingMail) -> EmailMessage:
    return message_from_bytes(bytes(mail.content), policy=policy.default)  # type: ignore[return-value]  # the policy makes it an EmailMessage


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None, message["Subject"]
    return str(found.get_content()).replace("\r\n", "\n")


def own_lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line that is an address of the portal, and the line above it."""
    lines = text.splitlines()
    yield from ((above, line) for above, line in pairwise(lines) if line.startswith(SITE))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.slow
def test_the_list_of_mails_is_complete(monkeypatch):
    rendered: set[str] = set()
    monkeypatch.setattr(Template, "_render", instrumented_test_render)

    def note(sender: object, template: Template, **kwargs: object) -> None:
        rendered.add(str(template.name))

    template_rendered.connect(note)
    try:
        mails.send_all()
    finally:
        template_rendered.disconnect(note)
    ours = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.txt")}
    assert len(ours) > 60
    bases = {"mail/_base.txt", "mail/tandems/_base.txt", "account/email/base_message.txt"}
    assert not ours - rendered - bases


@pytest.mark.slow
def test_every_mail_says_the_same_as_text_and_as_html(sent):
    assert len(sent) > 70
    for message in sent:
        text, html = part(message, "plain"), Page(part(message, "html"))
        for line in text.splitlines():
            words = line.removeprefix(">").removeprefix("- ").removesuffix(":").strip()
            if words and words != "--":
                for piece in words.split(": ", 1):
                    assert squeezed(piece) in squeezed(html.words) or line in html.links, line


@pytest.mark.slow
def test_nothing_that_people_typed_becomes_html_and_nothing_is_loaded(sent):
    for message in sent:
        page = Page(part(message, "html"))
        tags = {tag for tag, _attributes in page.tags}
        assert not tags & {"img", "script", "link", "iframe", "form", "i", "b", "object", "video"}
        attributes = {name for _tag, given in page.tags for name in given}
        assert not attributes & {"src", "srcset", "background", "onclick"}
        assert "url(" not in part(message, "html")
        assert "@import" not in part(message, "html")


def test_every_link_fits_into_a_line_and_says_what_it_opens(sent):
    visited = 0
    for message in sent:
        page = Page(part(message, "html"))
        for above, line in own_lines(part(message, "plain")):
            visited += 1
            assert len(line) <= 76
            assert above.endswith(":"), line
            assert page.links[line].startswith(above.removesuffix(":"))
            assert page.links[line] != "Seite öffnen"
    assert visited > 120


def test_links_of_the_portal_and_of_the_event_are_the_only_ones(sent):
    for message in sent:
        for address in Page(part(message, "html")).links:
            assert address.startswith(
                (
                    f"{SITE}/",
                    "https://example.org/raum",
                    "mailto:",
                    "http://localhost/",
                    "http://testserver/",
                )
            ), address


def test_a_subject_names_the_offer_on_one_line_and_has_an_end(sent):
    offers = [m for m in sent if "Sprachcafé West" in str(m["Subject"])]
    assert len(offers) > 30
    for message in sent:
        # A folded header begins with a space; some releases of Python read one more where a line begins.
        assert "\n" not in str(message["Subject"])
        subject = " ".join(str(message["Subject"]).split())
        assert len(subject) <= LONGEST_SUBJECT
        assert "böse.example" not in subject


@pytest.mark.parametrize(
    ("text", "offer", "subject"),
    [
        ("Ihr Platz", "Sprachcafé West", "Ihr Platz: Sprachcafé West"),
        ("Ihr Platz", "", "Ihr Platz"),
        ("Ihr Platz", "Sprach\r\nBcc: a@example.org", "Ihr Platz: Sprach Bcc: a@example.org"),
        ("Weiter: jetzt", "Sprachcafé", "Weiter: jetzt („Sprachcafé“)"),
        ("Gemeldet?", "Sprachcafé", "Gemeldet? („Sprachcafé“)"),
        ("Ihr Platz", "S" * 160, f"Ihr Platz: {'S' * 88}…"),
    ],
)
def test_how_a_subject_is_made(text, offer, subject):
    assert subject_of(text, offer) == subject


def test_every_mail_says_who_sends_it_and_why(sent):
    for message in sent:
        _text, _mark, sender = part(message, "plain").partition("\n-- \nLandeshauptstadt")
        assert "Sie bekommen diese Mail, weil" in sender
        assert f"{SITE}/seiten/impressum/" in sender


@pytest.mark.slow
def test_html_speaks_the_language_and_direction_of_the_mail(settings, queued_mail):
    settings.SITE_URL = SITE
    for language, direction in (("de", "ltr"), ("ar", "rtl")):
        OutgoingMail.objects.all().delete()
        with translation.override(language):
            mails.people.send_my_page_link("amira@example.org", people_with("amira@example.org"))
        (tag, attributes), *_rest = Page(part(as_received(OutgoingMail.objects.get()), "html")).tags
        assert (tag, attributes["lang"], attributes["dir"]) == ("html", language, direction)
