"""What people do with the portal, from the first page to the mail, in a real browser.

Real database, real worker, real mail server. Elements are found as people find them, by role and
label, never by class or id.
"""

import io
import re
from collections.abc import Callable
from email.message import EmailMessage

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.browsers import OpenPage
from tests.mailserver import MailServer, text_of
from volunteers.links import applications as application_links
from volunteers.models import Application
from volunteers.models.statuses import Status
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-feuerbach-1"
RunJobs = Callable[[], None]


CIRCLE = "Freundeskreis Flüchtlinge Feuerbach (FFF)"


@pytest.fixture
def cafe():
    """A café of the Freundeskreis Feuerbach, which Katrin coordinates."""
    factories.make_clearing_office()
    circle = factories.make_circle(districts=[factories.make_district()])
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(circle, katrin)
    return factories.make_entry(
        title="Sprachcafé", organisation=circle, districts=[factories.make_district()]
    )


def link_in(message: EmailMessage) -> str:
    """The first link of a mail, which is the link that the mail is about."""
    link: str = re.findall(r"https?://\S+", text_of(message))[0]
    return link


def fill_in(page: Page, *, name: str = "Amina Yılmaz", email: str = "amina@example.org") -> None:
    """Fill in everything that the sign-up form requires, without sending it."""
    page.get_by_label("Wie heißen Sie?").fill(name)
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("18 Jahre oder älter").check()
    page.get_by_label("Ich bin einverstanden").check()


def confirmed(entry, name: str, email: str) -> Application:
    """An application that was confirmed by its mailed link."""
    answers = {"name": name, "email": email, "age": "adult"}
    services.submit_application(entry=entry, answers=answers)
    return services.confirm_application(application=Application.objects.latest("pk"))


def heading(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("heading", level=1, name=name)


def find_the_circle_of_feuerbach(page: Page) -> None:
    """From the home page through the filter of the catalogue to the page of the Freundeskreis."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Ich möchte mich engagieren").first.click()
    expect(heading(page, "Mitmachen")).to_be_visible()
    district = page.get_by_role("checkbox", name=re.compile("^Feuerbach"))
    for folded in ("Filtern", "Stadtbezirk"):
        summary = page.get_by_role("main").get_by_text(folded, exact=True)
        if summary.is_visible():  # on wide screens the filters stand open
            summary.click()
    district.check()
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page.get_by_role("link", name="Filter entfernen: Feuerbach")).to_be_visible()
    page.get_by_role("link", name="Freundeskreis Flüchtlinge Feuerbach (FFF)").click()
    expect(heading(page, "Freundeskreis Flüchtlinge Feuerbach (FFF)")).to_be_visible()


def sign_up_confirm_change_and_withdraw(
    page: Page, smtp_server: MailServer, run_jobs: RunJobs
) -> None:
    """From the page of an entry to the end: mail, click, status page, change, withdrawal."""
    page.get_by_role("link", name="Ich möchte mitmachen").click()
    fill_in(page)
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(heading(page, re.compile("Bitte schauen Sie in Ihr Postfach"))).to_be_visible()

    run_jobs()
    (mail,) = smtp_server.messages
    assert (mail["To"], mail["Subject"].strip()) == (
        "amina@example.org",
        f"Bitte bestätigen Sie Ihre Anmeldung: {CIRCLE}",
    )
    page.goto(link_in(mail))
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(page.get_by_text("Angekommen.")).to_be_visible()

    run_jobs()
    assert smtp_server.messages[-1]["Subject"].strip() == f"Ihre Anmeldung ist angekommen: {CIRCLE}"
    page.goto(link_in(smtp_server.messages[-1]))
    page.get_by_role("link", name="Angaben ändern").click()
    page.get_by_label("Telefon").fill("0711 123456")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("definition").filter(has_text="0711 123456")).to_be_visible()

    page.get_by_role("link", name="Anmeldung zurückziehen").click()
    page.get_by_role("button", name="Ja, zurückziehen").click()
    expect(page.get_by_text("Zurückgezogen.")).to_be_visible()
    expect(page.get_by_role("link", name="Angaben ändern")).to_have_count(0)
    run_jobs()
    subject = smtp_server.messages[-1]["Subject"].strip()
    assert subject == f"Ihre Anmeldung ist zurückgezogen: {CIRCLE}"
    application = Application.objects.get()
    assert (application.status, application.phone) == (Status.WITHDRAWN, "0711 123456")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("visitor", ["phone_page", "no_js_page"])
def test_citizen_finds_what_is_near_in_spite_of_a_typing_error(request, visitor, cafe):
    page = request.getfixturevalue(visitor)
    page.goto("/")
    page.get_by_label("Postleitzahl, Stadtteil oder Stadtbezirk").fill("Feurbach")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    expect(page.get_by_text("„Feurbach“ kennen wir nicht")).to_be_visible()
    expect(page.get_by_label("Postleitzahl, Stadtteil")).to_have_value("Feurbach")
    page.get_by_role("link", name="Feuerbach", exact=True).click()
    expect(page.get_by_text("Feuerbach · in Ihrem Stadtbezirk").first).to_be_visible()
    page.get_by_role("link", name="Filter entfernen: in der Nähe von Feuerbach").click()
    expect(page.get_by_text("in Ihrem Stadtbezirk")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", ["phone_page", "no_js_page"])
def test_citizen_finds_a_circle_signs_up_and_withdraws(request, visitor, smtp_server, run_jobs):
    """On a phone, and on a desktop without JavaScript."""
    call_command("load_reference", verbosity=0)
    page = request.getfixturevalue(visitor)
    find_the_circle_of_feuerbach(page)
    sign_up_confirm_change_and_withdraw(page, smtp_server, run_jobs)


@pytest.mark.slow
@pytest.mark.usefixtures("cafe")
def test_way_back_over_a_wrong_code_finds_a_page(page, smtp_server, run_jobs):
    page.goto("/meine-seite/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_role("button", name="Mail schicken").click()
    page.get_by_label("Code").fill("BBBB-BBBB")
    page.get_by_role("button", name="Meine Seite öffnen").click()
    expect(page.get_by_label("Code")).to_have_value("BBBB-BBBB")
    expect(page).to_have_title(re.compile("^Fehler: "))
    run_jobs()
    (code,) = re.findall(r"\b[A-Z]{4}-[A-Z]{4}\b", text_of(smtp_server.messages[-1]))
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Meine Seite öffnen").click()
    expect(heading(page, "Guten Tag")).to_be_visible()
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.slow
def test_way_back_over_a_form_with_errors_finds_the_form(page, cafe):
    page.goto(cafe.get_absolute_url())
    page.get_by_role("link", name="Ich möchte mitmachen").first.click()
    fill_in(page, email="keine Adresse")
    send = page.get_by_role("main").get_by_role("button").last
    send.click()
    expect(page).to_have_title(re.compile("^Fehler: "))
    page.get_by_label("E-Mail").fill("amina@example.org")
    page.wait_for_timeout(3000)  # a guard holds back what is sent faster than people type
    send.click()
    expect(heading(page, "Bitte schauen Sie in Ihr Postfach")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Wie heißen Sie?")).to_be_visible()


def log_in_to_administration(page: Page) -> None:
    page.goto("/verwaltung/")
    page.get_by_role("link", name="habe ein Passwort").click()
    page.get_by_label("E-Mail-Adresse").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(heading(page, "Ihre Arbeit")).to_be_visible()


@pytest.mark.slow
def test_coordinator_answers_filters_and_exports_only_the_own_list(
    page, cafe, smtp_server, run_jobs
):
    confirmed(cafe, "Amina Yılmaz", "amina@example.org")
    confirmed(cafe, "Noch Neu", "neu@example.org")
    foreign = factories.make_entry(title="Chor", organisation=factories.make_clearing_office())
    stranger = confirmed(foreign, "Fremde Person", "fremd@example.org")
    services.change_status(application=stranger, status="in_contact", by=factories.make_user())
    run_jobs()
    smtp_server.messages.clear()

    log_in_to_administration(page)
    new = page.get_by_role("region", name=re.compile("Neue Anmeldungen"))
    expect(new.get_by_role("link", name=re.compile("Fremde Person"))).to_have_count(0)
    new.get_by_role("link", name=re.compile("Amina Yılmaz")).click()
    page.get_by_role("link", name="Im Gespräch", exact=True).click()
    page.get_by_role("button", name="Im Gespräch").click()
    expect(page.get_by_text("1 Anmeldung ist jetzt „im Gespräch“.")).to_be_visible()

    run_jobs()
    (mail,) = smtp_server.messages
    assert (mail["To"], mail["Subject"].strip()) == (
        "amina@example.org",
        "Ihre Anmeldung wird bearbeitet: Sprachcafé",
    )

    page.get_by_role("navigation").get_by_role("link", name="Anmeldungen").first.click()
    page.get_by_role("link", name="im Gespräch", exact=True).click()
    expect(page.get_by_role("rowheader")).to_have_text(["Amina Yılmaz"])
    page.get_by_role("link", name="Exportieren").click()
    page.get_by_label(re.compile("XLSX")).check()
    page.get_by_label("Wofür brauchen Sie die Liste?").fill("Einladung zum nächsten Treffen")
    with page.expect_download() as download:
        page.get_by_role("button", name="Herunterladen").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    headings, *rows = sheet.iter_rows(values_only=True)
    assert [dict(zip(headings, row, strict=True))["Name"] for row in rows] == ["Amina Yılmaz"]


# --- The keyboard alone ---------------------------------------------------------------------

SHOWS_FOCUS = """() => {
    const outlined = element => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    };
    let element = document.activeElement;
    while (element && !outlined(element)) element = element.parentElement;
    return Boolean(element);
}"""
"""Whether the focused element has a visible frame, itself or the card or choice around it."""

HAS_FOCUS = "element => element === document.activeElement"


def tab_to(page: Page, target: Locator, at_most: int = 60) -> None:
    """Press the tab key until ``target`` has the focus, and check that every stop is visible."""
    for _stop in range(at_most):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate(HAS_FOCUS):
            return
    pytest.fail(f"{target} is not reached in {at_most} stops")


@pytest.mark.slow
def test_keyboard_alone_finds_an_offer_mends_an_error_and_signs_up(page, cafe):
    page.goto("/")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    tab_to(page, skip, at_most=1)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(page, page.get_by_role("link", name="Ich möchte mich engagieren").first, at_most=1)
    page.keyboard.press("Enter")
    expect(heading(page, "Mitmachen")).to_be_visible()
    tab_to(page, page.get_by_role("checkbox", name=re.compile("^Einsatzmöglichkeit")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Filter anwenden"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Filter entfernen"))).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Sprachcafé"))
    page.keyboard.press("Enter")
    expect(heading(page, "Sprachcafé")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Ich möchte mitmachen"))
    page.keyboard.press("Enter")
    expect(heading(page, "Ich möchte mitmachen")).to_be_visible()

    tab_to(page, page.get_by_label("Wie heißen Sie?"))
    page.keyboard.type("Amina")
    tab_to(page, page.get_by_label("E-Mail"), at_most=1)
    page.keyboard.type("amina@")
    tab_to(page, page.get_by_label("18 Jahre oder älter"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("16 oder 17 Jahre")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("18 Jahre oder älter")).to_be_checked()
    tab_to(page, page.get_by_label("Ich bin einverstanden"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    tab_to(page, page.get_by_role("alert").get_by_role("link"), at_most=1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-Mail")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("example.org")
    tab_to(page, page.get_by_role("button", name="Anmeldung abschicken"))
    page.keyboard.press("Enter")
    expect(heading(page, re.compile("Bitte schauen Sie in Ihr Postfach"))).to_be_visible()
    application = Application.objects.get()
    assert (application.email, application.age) == ("amina@example.org", "adult")


# --- Bad input and second thoughts ----------------------------------------------------------


@pytest.mark.slow
def test_errors_stand_beside_the_field_and_on_top_and_nothing_typed_is_lost(phone_page, cafe):
    page = phone_page
    page.goto(f"/anmelden/{cafe.slug}/?mehr")
    page.get_by_label("E-Mail").fill("amina@")
    page.get_by_label("Telefon").fill("0711 123456")
    page.get_by_label("noch etwas sagen").fill("Zwei\nZeilen 🌻 <b>مرحبا</b>")
    page.get_by_label("Arabisch").check()
    page.get_by_role("button", name="Anmeldung abschicken").click()

    faults = {
        "Wie heißen Sie?": "Bitte sagen Sie uns, wie Sie heißen",
        "E-Mail": "nicht vollständig",
        "Ich bin einverstanden": "Ohne Ihre Einwilligung",
    }
    for label, sentence in faults.items():
        field = page.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(sentence))
        page.get_by_role("alert").get_by_role("link", name=re.compile(sentence)).click()
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
    age = page.get_by_role("group", name="Wie alt sind Sie?")
    expect(age.get_by_text("Bitte wählen Sie aus")).to_be_visible()
    page.get_by_role("alert").get_by_role("link", name=re.compile("wie alt Sie sind")).click()
    expect(page.get_by_label("18 Jahre oder älter")).to_be_focused()

    expect(page.get_by_label("E-Mail")).to_have_value("amina@")
    expect(page.get_by_label("Telefon")).to_have_value("0711 123456")
    expect(page.get_by_label("noch etwas sagen")).to_have_value("Zwei\nZeilen 🌻 <b>مرحبا</b>")
    expect(page.get_by_label("Arabisch")).to_be_checked()
    expect(page.get_by_label("Arabisch")).to_be_visible()
    assert not Application.objects.exists()


@pytest.mark.slow
def test_double_click_and_way_back_make_one_record(page, cafe, smtp_server, run_jobs):
    page.goto(f"/anmelden/{cafe.slug}/")
    fill_in(page)
    page.get_by_role("button", name="Anmeldung abschicken").dblclick()
    done = heading(page, re.compile("Bitte schauen Sie in Ihr Postfach"))
    expect(done).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Wie heißen Sie?")).to_be_visible()
    fill_in(page)
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(done).to_be_visible()
    assert Application.objects.count() == 1
    run_jobs()
    assert len(smtp_server.messages) == 1


@pytest.mark.slow
def test_second_tab_leads_to_the_status_page_that_the_first_one_has_opened(
    open_page: OpenPage, cafe
):
    answers = {"name": "Amina", "email": "amina@example.org", "age": "adult"}
    services.submit_application(entry=cafe, answers=answers)
    first, second = open_page(), open_page(width=360)
    for tab in (first, second):
        tab.goto(application_links.confirm_url(Application.objects.get()))
    first.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(first.get_by_text("Angekommen.")).to_be_visible()
    second.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(second.get_by_text("Angekommen.")).to_be_visible()
    assert Application.objects.get().changes.filter(status=Status.NEW).count() == 1
