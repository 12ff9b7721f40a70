"""The demo's mailbox shows what would have been mailed, and exists only in the demo."""

import importlib
import os
import re
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection, send_mail
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse

from portal import urls

MAILBOX = "/demo/postfach/"
FILES = "django.core.mail.backends.filebased.EmailBackend"


def _reload_urls() -> None:
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def demo(settings, tmp_path: Path):
    """The demo's URLs, with mail into an empty folder, which is returned."""
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = tmp_path
    settings.EMAIL_BACKEND = FILES
    _reload_urls()
    yield tmp_path
    settings.DEMO = False
    _reload_urls()


def subjects(client: Client) -> list[str]:
    page = client.get(MAILBOX).content.decode()
    return re.findall(r"<h2>\s*<a[^>]*>(.*?)</a>", page, re.DOTALL)


def test_exists_in_the_demo_only(client: Client, db):
    assert client.get(MAILBOX).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("portal:demo_mailbox")


def numbered(number: int) -> EmailMessage:
    return EmailMessage(f"Mail {number}", "…", None, ["a@example.org"])


@pytest.mark.usefixtures("demo", "db")
class TestMailbox:
    def test_says_what_to_do_when_there_is_no_mail(self, client: Client):
        page = client.get(MAILBOX)

        assert page.status_code == 200
        assert "Noch keine E-Mail" in page.content.decode()

    def test_shows_who_got_what_with_links_that_work(self, client: Client):
        link = "http://127.0.0.1:8000/anmeldung/bestaetigen/abc:def/?a=1&b=2"
        send_mail("Bestätigung für Jürgen", f"Grüß Gott!\n\n{link}", None, ["juergen@example.org"])

        page = client.get(MAILBOX).content.decode()

        assert "Bestätigung für Jürgen" in page
        assert "juergen@example.org" in page
        assert "Grüß Gott!" in page
        assert f'href="{link.replace("&", "&amp;")}"' in page

    def test_newest_first_also_within_one_connection(self, client: Client):
        with get_connection() as connection:
            for number in range(3):
                connection.send_messages([numbered(number)])

        assert subjects(client) == ["Mail 2", "Mail 1", "Mail 0"]

    def test_newest_first_over_several_connections(self, client: Client, demo: Path):
        # Keep all three connections: Django names a file after the second and the connection's id.
        connections = [get_connection() for _ in range(3)]
        for number, minute in ((0, 10), (1, 30), (2, 20)):
            known = set(demo.iterdir())
            connections[number].send_messages([numbered(number)])
            (written,) = set(demo.iterdir()) - known
            os.utime(written, (minute * 60, minute * 60))

        assert subjects(client) == ["Mail 1", "Mail 2", "Mail 0"]

    def test_stops_at_fifty(self, client: Client):
        with get_connection() as connection:
            for number in range(52):
                connection.send_messages([numbered(number)])

        shown = subjects(client)

        assert len(shown) == 50
        assert shown[0] == "Mail 51"

    def test_a_mail_has_a_page_of_its_own(self, client: Client):
        send_mail("Ihre Anmeldung", "Der Text", None, ["a@example.org"])
        (address,) = set(re.findall(rf'"({MAILBOX}[^"]+)"', client.get(MAILBOX).content.decode()))

        page = client.get(address).content.decode()

        assert "Ihre Anmeldung" in page
        assert "Der Text" in page

    def test_text_and_subject_are_escaped(self, client: Client):
        send_mail("<b>Hallo", "<script>alert(1)</script>", None, ["a@example.org"])

        page = client.get(MAILBOX).content.decode()

        assert "<b>Hallo" not in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_the_html_of_a_mail_is_shown_as_a_mail_program_would(self, client: Client):
        mail = EmailMultiAlternatives("Zwei Teile", "nur Text", None, ["a@example.org"])
        mail.attach_alternative("<p style='color:red'>nur HTML</p>", "text/html")
        mail.send()
        (address,) = re.findall(rf'"({MAILBOX}[^"]+/html/)"', client.get(MAILBOX).text)

        page = client.get(address)

        assert page.text.strip() == "<p style='color:red'>nur HTML</p>"
        policy = page.headers["Content-Security-Policy"]
        assert "style-src 'unsafe-inline'" in policy
        assert "script-src 'unsafe-inline'" not in policy

    def test_a_mail_without_html_has_no_such_page(self, client: Client):
        send_mail("Ihre Anmeldung", "Der Text", None, ["a@example.org"])

        assert "/html/" not in client.get(MAILBOX).text
        (address,) = set(re.findall(rf'"({MAILBOX}[^"]+)"', client.get(MAILBOX).text))
        assert client.get(f"{address}html/").status_code == 404

    def test_the_plain_part_of_a_mail_with_html_is_shown(self, client: Client):
        mail = EmailMultiAlternatives("Zwei Teile", "nur Text", None, ["a@example.org"])
        mail.attach_alternative("<p>nur HTML</p>", "text/html")
        mail.send()

        page = client.get(MAILBOX).content.decode()

        assert "nur Text" in page
        assert "nur HTML" not in page

    @pytest.mark.parametrize("name", ["20260101-120000-1", "settings", "..-..-..-etc-passwd"])
    def test_a_mail_that_is_not_there_is_404(self, client: Client, name):
        assert client.get(f"{MAILBOX}{name}/0/").status_code == 404

    @pytest.mark.slow
    def test_needs_no_cookie(self, client: Client):
        assert not client.get(MAILBOX).cookies
