"""Somebody of a circle says „Das sind wir“ on a phone; in the end the first opportunity is in the catalogue.

Real browser, real mail, real worker.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from programs.models import Opportunity, Organisation
from tests import factories
from tests.browsers import width_of
from tests.mailserver import MailServer, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NORA, PASSWORD = "nora@example.org", "ein langes Passwort 17"
TWO_CLICKS = """() => {
  const form = document.querySelector("main form");
  const submit = () => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  return [submit(), submit()];
}"""
"""Whether the browser would send the form at the first and at the second click."""


@pytest.fixture
def circle() -> Organisation:
    office = factories.make_clearing_office()
    staff = factories.make_member(office, role="staff").user
    staff.email = "amt@example.org"
    staff.set_password(PASSWORD)
    staff.save()
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    factories.make_template(slug="sprachcafe")
    return factories.make_circle("Freundeskreis Feuerbach", department=office, phone="0711 21690")


def in_mail(server: MailServer, to: str, pattern: str) -> str:
    """What the first group of ``pattern`` finds in the newest mail to ``to``."""
    mails = [one for one in server.messages if one["To"] == to]
    found = re.search(pattern, text_of(mails[-1]))
    assert found, text_of(mails[-1])
    return found[1]


def fits(page: Page) -> None:
    assert width_of(page) <= 360


def ask(page: Page, circle: Organisation) -> None:
    page.goto(circle.get_absolute_url())
    page.get_by_role("link", name="Das sind wir").click()
    page.get_by_label("Ihr Name").fill("Nora Neu")
    page.get_by_label("E-Mail").fill(NORA)
    page.get_by_label("Telefon").fill("0711 5550123")
    page.get_by_role("button", name="Nach Zugang fragen").click()
    expect(page.get_by_role("alert")).to_contain_text("was Sie in der Organisation tun")
    page.get_by_label("Was tun Sie in der Organisation?").fill("Sprecherin")
    fits(page)
    page.get_by_role("button", name="Nach Zugang fragen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Postfach")


def accept(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail-Adresse").fill("amt@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name=re.compile("Das sind wir.* zu prüfen")).click()
    page.get_by_role("link", name="Freundeskreis Feuerbach").click()
    expect(page.get_by_role("link", name="0711 21690")).to_be_visible()
    page.get_by_role("button", name="Annehmen und einladen").click()
    expect(page.get_by_text("Angenommen.")).to_be_visible()


def set_up(page: Page) -> None:
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Wer antwortet bei Ihnen?")
    fits(page)
    page.get_by_label("Wer ist für Engagierte da?").fill("Koordination")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(heading).to_contain_text("Wann und wo")
    page.goto("/verwaltung/")  # they leave, and come back later
    page.get_by_role("link", name=re.compile("Einrichten: hier geht es weiter")).click()
    expect(heading).to_contain_text("Wann und wo")
    page.get_by_label("Dienstag").check()
    page.get_by_label("abends").check()
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(heading).to_contain_text("Wen brauchen Sie?")
    page.get_by_role("link", name="Überspringen").click()
    expect(heading).to_contain_text("Sprachen")
    page.get_by_label("Arabisch").check()
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(heading).to_contain_text("Ihr erstes Angebot")
    fits(page)
    page.get_by_role("link", name=re.compile("Sprachcafé-Gastgeberin")).click()
    page.get_by_label("Kurzbeschreibung").fill("Jeden Dienstag im Gemeindehaus.")
    fits(page)
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(heading).to_contain_text("Stimmt alles?")
    page.get_by_role("button", name="Ja, alles stimmt").click()
    expect(page.get_by_text("Ihre Organisation ist eingerichtet.")).to_be_visible()


@pytest.mark.slow
def test_a_circle_comes_in_by_itself(
    circle: Organisation,
    phone_page: Page,
    page: Page,
    smtp_server: MailServer,
    run_jobs: Callable[[], None],
) -> None:
    ask(phone_page, circle)
    run_jobs()
    phone_page.goto(in_mail(smtp_server, NORA, r"Anfrage bestätigen:\r?\n(\S+)"))
    phone_page.get_by_role("button", name="Ja, ich frage nach Zugang").click()
    expect(phone_page.locator("main")).to_contain_text("Wir prüfen")
    accept(page)
    run_jobs()
    phone_page.goto(in_mail(smtp_server, NORA, r"Einladung ansehen:\r?\n(\S+)"))
    # The answer to a second click, as many make it, would be that the invitation is used.
    assert phone_page.evaluate(TWO_CLICKS) == [True, False]
    phone_page.reload()
    phone_page.get_by_role("button", name="Einladung annehmen").click()
    run_jobs()
    code = in_mail(smtp_server, NORA, r"(?m)^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$")
    phone_page.get_by_label("Code").fill(code)
    phone_page.get_by_role("button", name="Meine Seite öffnen").click()
    set_up(phone_page)
    made = Opportunity.objects.get()
    page.goto("/mitmachen/")
    page.get_by_role("main").get_by_role("link", name=made.title).click()
    expect(page.locator("main")).to_contain_text("Jeden Dienstag im Gemeindehaus.")
    expect(page.locator("main")).to_contain_text("Freundeskreis Feuerbach")
    circle.refresh_from_db()
    assert (circle.weekdays, circle.languages) == ([1], ["ar"])
