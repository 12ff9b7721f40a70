"""Forms in a real browser: long texts, and what happens to what was typed."""

import re

import pytest
from playwright.sync_api import expect

from programs.addresses import admin_path
from tests import factories
from tests.browser.test_page_quality import Visit, log_in
from tests.people import mailbox
from volunteers.links import my_data, signing
from volunteers.models import Application, CompanionRequest

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 2000
PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
    document.execCommand("insertText", false, text);
}"""


@pytest.fixture
def cafe():
    factories.make_clearing_office()
    return factories.make_entry(title="Sprachcafé")


@pytest.mark.slow
def test_pasted_text_is_counted_and_never_cut(phone_page, cafe):
    page = phone_page
    page.goto(f"/anmelden/{cafe.slug}/")
    page.get_by_label("Wie heißen Sie?").fill("Amina")
    page.get_by_label("E-Mail").fill("amina@example.org")
    page.get_by_label("18 Jahre oder älter").check()
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_text("Telefon oder Nachricht dazu").click()
    text = page.get_by_label("Möchten Sie uns noch etwas sagen?")
    expect(page.get_by_text(f"Höchstens {LIMIT} Zeichen")).to_be_visible()
    text.focus()
    page.evaluate(PASTE, "ä\n" * 10 + "x" * 1850)
    expect(page.get_by_text("noch 120 Zeichen").first).to_be_visible()
    page.evaluate(PASTE, "y" * 160)
    expect(page.get_by_text("40 Zeichen zu viel").first).to_be_visible()
    assert len(text.input_value()) == 20 + 1850 + 160
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page).to_have_title("Fehler: Anmelden: Sprachcafé · Freiwilligenportal Stuttgart")
    expect(page.get_by_text("Bitte kürzen Sie um 40 Zeichen.").first).to_be_visible()
    text = page.get_by_label("Möchten Sie uns noch etwas sagen?")
    typed = text.input_value()
    assert typed.endswith("y" * 160)
    text.fill(typed[:-40])
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page.get_by_role("heading", name="Fast geschafft")).to_be_visible()
    assert Application.objects.get().message.endswith("y" * 120)


@pytest.mark.slow
def test_form_that_was_open_for_too_long_is_sent_by_a_second_press(phone_page, cafe):
    page = phone_page
    page.goto(f"/anmelden/{cafe.slug}/")
    page.get_by_label("Wie heißen Sie?").fill("Öznur Yılmaz")
    page.get_by_label("E-Mail").fill("amina@example.org")
    page.get_by_label("18 Jahre oder älter").check()
    page.get_by_text("Telefon oder Nachricht dazu").click()
    page.get_by_label("noch etwas sagen").fill("Ich komme gern\nam Dienstag.")
    page.get_by_label("Ich bin einverstanden").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(page).to_have_title(re.compile("^Fehler: "))
    expect(page.get_by_text("am Dienstag.")).to_be_visible()
    page.get_by_role("button", name="Noch einmal abschicken").click()
    expect(page.get_by_role("heading", name="Fast geschafft")).to_be_visible()
    application = Application.objects.get()
    assert application.name == "Öznur Yılmaz"
    assert application.message.splitlines() == ["Ich komme gern", "am Dienstag."]


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_companion_form_leads_back_and_on_without_javascript(open_page, width):
    factories.make_programme(makes_tandems=True)
    page = open_page(width=width, javascript=False)
    page.goto("/begleitung/")
    weiter = page.get_by_role("button", name="Weiter")
    page.get_by_label("العربية").check()
    weiter.click()
    page.get_by_label("Dienstag").check()
    page.get_by_label("Dienstag").press("Enter")  # like „Weiter“, not like „Zurück“
    expect(page.get_by_text("Schritt 3 von 4")).to_be_visible()
    page.get_by_label("nennen").fill("Samira")
    page.go_back()
    expect(page.get_by_text("Schritt 2 von 4")).to_be_visible()
    expect(page.get_by_label("Dienstag")).to_be_checked()
    page.go_back()
    expect(page.get_by_label("العربية")).to_be_checked()
    page.go_forward()
    weiter.click()
    page.get_by_label("nennen").fill("Samira")
    page.get_by_label("E-Mail").fill("samira@example.org")
    page.get_by_role("button", name="Zurück").click()
    weiter.click()
    expect(page.get_by_label("nennen")).to_have_value("Samira")
    weiter.click()
    expect(page).to_have_title(re.compile("^Fehler: Schritt 3 von 4"))
    page.get_by_label("27 bis 59").check()
    weiter.click()
    expect(page.get_by_text("العربية · Arabisch")).to_be_visible()
    page.get_by_role("button", name=re.compile("^ändern.*Was Sie suchen")).click()
    page.get_by_label("Türkçe").check()
    weiter.click()
    page.get_by_label("Ja, Sie dürfen").check()
    assert not CompanionRequest.objects.exists()
    page.get_by_role("button", name="Begleitung suchen").click()
    expect(page.get_by_role("heading", name="Fast fertig")).to_be_visible()
    assert CompanionRequest.objects.get().languages == ["ar", "tr"]


def mail_address(page):
    return page.get_by_role("main").get_by_role("textbox", name=re.compile("E-Mail")).first


def go_wrong(page, typed):
    """Send the form with something wrong, and read another page instead of mending it."""
    mail_address(page).fill(typed)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_role("contentinfo").get_by_role("link").first.click()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False])
def test_way_back_to_the_answer_with_errors_shows_what_was_typed(open_page, cafe, javascript):
    """And not the question of the browser whether to send the form again."""
    application = factories.make_application(cafe.organisation, status="new")
    whose = mailbox(application.email)
    event = factories.make_event(takes_registrations=True)
    paths = (
        f"/fragen/{cafe.slug}/",
        f"/anmelden/{cafe.slug}/",
        f"{event.get_absolute_url()}anmelden/",
        "/meine-daten/",
        "/meine-seite/",
        signing.path_of("my_data_address", my_data.token_for(whose)),
    )
    for path in paths:
        page = open_page(javascript=javascript)
        page.goto(path)
        go_wrong(page, "keine Adresse")
        page.go_back()
        expect(page).to_have_title(re.compile("^Fehler: "))
        expect(mail_address(page)).to_have_value("keine Adresse")
        go_wrong(page, "noch eine")
        page.go_back()
        expect(mail_address(page)).to_have_value("noch eine")
        page.go_back()
        expect(mail_address(page)).to_be_visible()
        page.close()


LONG = "x" * 60
"""A word that must not widen a page."""


@pytest.mark.slow
def test_steps_and_pages_with_what_was_typed_are_accessible_and_fit_narrow_screens(page, cafe):
    factories.make_programme(makes_tandems=True)
    visit = Visit(page)
    visit.look("/begleitung/")
    weiter = page.get_by_role("button", name="Weiter")
    page.get_by_label("العربية").check()
    weiter.click()
    expect(page.get_by_text("Schritt 2 von 4")).to_be_visible()
    visit.look_again("step 2")
    weiter.click()
    page.get_by_label("nennen").fill(LONG)
    page.get_by_label("E-Mail").fill(f"{LONG}@example.org")
    weiter.click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.look_again("step 3 with an error")
    page.get_by_label("27 bis 59").check()
    weiter.click()
    expect(page.get_by_text("Schritt 4 von 4")).to_be_visible()
    visit.look_again("step 4")
    page.get_by_label("noch wissen").fill(f"Guten Tag {LONG * 3}")
    page.get_by_label("Ja, Sie dürfen").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Begleitung suchen").click()
    expect(page.get_by_role("button", name="Noch einmal abschicken")).to_be_visible()
    visit.look_again("what was typed")
    page.goto(f"/anmelden/{cafe.slug}/?mehr")
    visit.look_again("more")
    assert len(visit.seen) == 6
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.slow
def test_administration_keeps_what_was_typed_when_the_login_has_ended(page, cafe):
    page.goto("/robots.txt")
    log_in(page, factories.make_user(is_superuser=True))
    page.goto(admin_path("programs.opportunity", "change", cafe.pk))
    page.get_by_role("textbox", name="Name:", exact=True).fill("Sprachcafé am Abend")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Sichern", exact=True).click()
    expect(page.get_by_role("heading", name="Sie sind nicht mehr angemeldet")).to_be_visible()
    visit = Visit(page)
    visit.look_again("logged out")
    assert not visit.faults, "\n".join(visit.faults)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="In einem neuen Tab anmelden").click()
    log_in(opened.value, factories.make_user("b@example.org", is_superuser=True))
    page.get_by_role("button", name="Noch einmal abschicken").click()
    expect(page.get_by_text("erfolgreich geändert")).to_be_visible()
    cafe.refresh_from_db()
    assert cafe.title == "Sprachcafé am Abend"
