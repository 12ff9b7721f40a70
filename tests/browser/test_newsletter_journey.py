"""The newsletter from the first page to the last click: subscribe, confirm, receive, leave with one click."""

import re
import urllib.request
from email.message import EmailMessage

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.models import Subscription
from portal.newsletter import links
from tests import factories
from tests.browser.test_page_quality import Visit
from tests.browsers import OpenPage
from tests.mailserver import MailServer, text_of
from tests.portal.newsletter.sending import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def link_below(label: str, message: EmailMessage) -> str:
    """The link of a text mail that stands below this line."""
    found = re.search(rf"^{re.escape(label)}\r?\n(\S+)", text_of(message), re.MULTILINE)
    assert found, text_of(message)
    return found[1]


def click_once(message: EmailMessage) -> int:
    """What the server of a mail program does for its button (RFC 8058, 3.2): one POST, no cookie."""
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(message["List-Unsubscribe"]).strip("<> \r\n")
    post = urllib.request.Request(url, data=b"List-Unsubscribe=One-Click")  # noqa: S310 - the live server
    with urllib.request.urlopen(post) as answer:  # noqa: S310
        return int(answer.status)


def test_subscribe_confirm_receive_and_leave_with_one_click(
    open_page: OpenPage, smtp_server: MailServer, run_jobs
):
    page = open_page(width=360, height=740, javascript=False)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Newsletter bestellen").click()
    page.get_by_label("Alle Neuigkeiten").check()
    page.get_by_label("E-Mail").fill("amira@example.org")
    page.get_by_role("button", name="Newsletter bestellen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fast fertig")

    run_jobs()
    (asked,) = smtp_server.messages
    page.goto(link_below("Newsletter bestätigen:", asked))
    page.get_by_role("button", name="Ja, ich möchte den Newsletter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Newsletter")

    send(factories.make_issue("Neues im Advent"))
    issue = smtp_server.messages[-1]
    assert (issue["To"], issue["Subject"]) == ("amira@example.org", "Neues im Advent")
    page.goto(link_below("Themen ändern:", issue))
    page.get_by_label("Schulungen und Fortbildungen").check()
    page.get_by_role("button", name="Auswahl speichern").click()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")

    assert click_once(issue) == 200
    send(factories.make_issue("Neues im Januar"))
    assert [str(one["Subject"]) for one in smtp_server.messages].count("Neues im Januar") == 0
    page.goto(link_below("Newsletter abbestellen:", issue))
    expect(page.get_by_role("heading", level=1)).to_contain_text("nicht mehr")
    page.get_by_role("button", name="Doch wieder bekommen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Newsletter")
    assert Subscription.objects.get().is_running


def test_the_pages_are_accessible_and_fit_narrow_screens(page: Page):
    factories.make_districts()
    visit = Visit(page)
    visit.look(reverse("portal:newsletter"))
    page.get_by_role("button", name="Newsletter bestellen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.look_again("with errors")
    reader = factories.make_subscription(topics=["opportunities"])
    visit.look(links.page_path(reader))
    visit.look(links.leave_path(reader))
    left = factories.make_subscription("weg@example.org", status="ended")
    visit.look(links.page_path(left))
