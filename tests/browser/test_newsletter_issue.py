"""The office writes an issue and sees it while it types, sends it, and the reader opens it on the web.

Real browser, real mail, real worker.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.models import NewsletterIssue
from portal.tasks import send_newsletter
from tests import factories
from tests.browsers import width_of
from tests.mailserver import MailServer, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF, PASSWORD = "amt@example.org", "ein langes Passwort 17"


def log_in(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail-Adresse").fill(STAFF)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


@pytest.fixture
def issue() -> NewsletterIssue:
    office = factories.make_clearing_office()
    staff = factories.make_member(office, role="staff").user
    staff.email = STAFF
    staff.set_password(PASSWORD)
    staff.save()
    staff.emailaddress_set.create(email=STAFF, verified=True, primary=True)
    factories.make_subscription("amira@example.org")
    factories.make_entry(title="Sprachcafé Nord", organisation=office)
    return factories.make_issue(texts=["Grüß Gott!"])


def test_an_issue_is_seen_while_it_is_written_and_reaches_the_reader(
    issue: NewsletterIssue,
    open_page: Callable[..., Page],
    smtp_server: MailServer,
    run_jobs: Callable[[], None],
) -> None:
    page = open_page()
    log_in(page)
    page.goto(f"/verwaltung/portal/newsletterissue/{issue.pk}/change/")
    page.get_by_role("link", name="Einsätze und Termine aussuchen").click()
    page.get_by_label(re.compile("Sprachcafé Nord")).check()
    page.get_by_role("button", name="In die Ausgabe übernehmen").click()
    preview = page.frame_locator("iframe.mail-preview:not([hidden])")
    phone = preview.frame_locator("iframe.phone")
    expect(phone.get_by_role("heading", name="Sprachcafé Nord")).to_be_visible()
    steps = page.evaluate("history.length")
    page.locator("#id_blocks-0-text").fill("Liebe **Engagierte**")
    expect(phone.locator("strong")).to_have_text("Engagierte")
    expect(preview.locator("pre")).to_contain_text("Liebe Engagierte")
    assert page.evaluate("history.length") == steps
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.goto(f"/verwaltung/portal/newsletterissue/{issue.pk}/schritt/planen/")
    page.get_by_role("button", name="Versenden oder Versand planen").click()
    expect(page.get_by_text("Der Versand beginnt")).to_be_visible()
    send_newsletter.defer(timestamp=1)
    run_jobs()
    (message,) = smtp_server.messages
    address = re.search(r"Im Browser lesen:\n(\S+)", text_of(message).replace("\r\n", "\n"))
    assert address
    reader = open_page(width=360)
    reader.goto(address[1])
    expect(reader.get_by_role("heading", level=1)).to_have_text("Neues im Advent")
    assert width_of(reader) <= 360


def test_without_javascript_a_button_shows_the_preview(
    issue: NewsletterIssue, open_page: Callable[..., Page]
) -> None:
    page = open_page(javascript=False)
    log_in(page)
    page.goto(f"/verwaltung/portal/newsletterissue/{issue.pk}/change/")
    page.locator("#id_blocks-0-text").fill("Noch nicht gesichert")
    page.get_by_role("button", name="Vorschau auffrischen").click()
    preview = page.frame_locator("iframe.mail-preview")
    expect(preview.locator("pre")).to_contain_text("Noch nicht gesichert")
    assert issue.blocks.get().text == "Grüß Gott!"
