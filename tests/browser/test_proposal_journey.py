"""Somebody proposes an organisation, and somebody asks for counselling, each on a phone; staff answers at a desk.

Real browser, real mail, real worker.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from programs.models import Organisation
from tests import factories
from tests.browser.test_coming_in_journey import fits, in_mail
from tests.mailserver import MailServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NORA, PASSWORD = "nora@example.org", "ein langes Passwort 17"


@pytest.fixture
def office() -> Organisation:
    office = factories.make_clearing_office(phone="0711 216")
    staff = factories.make_member(office, role="staff").user
    staff.email = "amt@example.org"
    staff.set_password(PASSWORD)
    staff.save()
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    return office


def log_in(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail-Adresse").fill("amt@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def test_a_proposed_organisation_becomes_a_hidden_entry(
    office: Organisation,
    phone_page: Page,
    page: Page,
    smtp_server: MailServer,
    run_jobs: Callable[[], None],
) -> None:
    phone_page.goto("/")
    phone_page.goto("/organisation-vorschlagen/")
    phone_page.get_by_label("Wie heißt die Organisation?").fill("Sprachcafé Ost")
    phone_page.get_by_label("Initiative").check()
    phone_page.get_by_label("Was macht sie?").fill("Wir üben zusammen Deutsch.")
    phone_page.get_by_label("Ihr Name").fill("Nora Neu")
    phone_page.get_by_label("E-Mail").fill(NORA)
    phone_page.get_by_label("Telefon").fill("0711 5550123")
    send = phone_page.locator("main form button.button--primary")
    send.click()
    expect(phone_page.get_by_role("alert")).to_contain_text("was Sie in der Organisation tun")
    fits(phone_page)
    phone_page.get_by_label("Was tun Sie in der Organisation?").fill("Sprecherin")
    send.click()
    expect(phone_page.get_by_role("heading", level=1)).to_contain_text("Postfach")
    run_jobs()
    phone_page.goto(in_mail(smtp_server, NORA, r"Vorschlag bestätigen:\r?\n(\S+)"))
    phone_page.get_by_role("button", name="Ja, bitte prüfen").click()
    fits(phone_page)
    run_jobs()
    in_mail(smtp_server, "amt@example.org", r"Vorschlag prüfen:\r?\n(\S+)")

    log_in(page)
    page.get_by_role("link", name=re.compile("vorgeschlagene Organisation ist zu prüfen")).click()
    page.get_by_role("link", name="Sprachcafé Ost").click()
    page.get_by_role("button", name="Anlegen und einladen").click()
    expect(page.locator(".messagelist")).to_be_visible()
    made = Organisation.objects.get(title="Sprachcafé Ost")
    assert not made.is_published
    phone_page.goto(made.get_absolute_url())
    expect(phone_page.get_by_role("heading", level=1)).not_to_contain_text("Sprachcafé Ost")
    run_jobs()
    phone_page.goto(in_mail(smtp_server, NORA, r"Einladung ansehen:\r?\n(\S+)"))
    expect(phone_page.get_by_role("button", name="Einladung annehmen")).to_be_visible()


def test_counselling_is_asked_for_answered_and_found_again(
    office: Organisation,
    phone_page: Page,
    page: Page,
    smtp_server: MailServer,
    run_jobs: Callable[[], None],
) -> None:
    phone_page.goto("/beratung/")
    way_in = phone_page.locator("main").get_by_role("link", name="Ich möchte mich engagieren")
    way_in.click()
    phone_page.get_by_label("Worum geht es?").fill("Was passt zu mir?")
    phone_page.get_by_label("Ihr Name").fill("Nora Neu")
    phone_page.get_by_label("E-Mail").fill(NORA)
    fits(phone_page)
    phone_page.locator("main form button.button--primary").click()
    run_jobs()
    phone_page.goto(in_mail(smtp_server, NORA, r"Anfrage bestätigen:\r?\n(\S+)"))
    phone_page.get_by_role("button", name="Ja, ich möchte Beratung").click()
    expect(phone_page.locator("main")).to_contain_text("Ihre Anfrage ist da.")
    run_jobs()

    log_in(page)
    page.goto(in_mail(smtp_server, "amt@example.org", r":\r?\n(http\S+)"))
    page.get_by_label("Nachricht an die Person").fill("Rufen Sie uns gern an.")
    page.get_by_role("button", name="Nachricht schicken").click()
    expect(page.locator(".history-text").last).to_contain_text("Rufen Sie uns gern an.")
    run_jobs()

    phone_page.goto(in_mail(smtp_server, NORA, r"Lesen und antworten:\r?\n(\S+)"))
    phone_page.get_by_role("textbox", name="Nachricht schreiben").fill("Danke, das tue ich.")
    phone_page.get_by_role("button", name="Nachricht schicken").click()
    expect(phone_page.locator("main")).to_contain_text("Danke, das tue ich.")
    fits(phone_page)
    page.reload()
    expect(page.locator("#messages")).to_contain_text("1 ohne Antwort")
    page.get_by_role("button", name="Keine Antwort nötig").click()
    page.goto("/verwaltung/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihre Arbeit")
    expect(page.locator(".open-points").filter(has_text="Beratung")).to_have_count(0)
