"""Somebody asks a question, and somebody of the organisation answers it, in a real browser with real mail."""

import pytest
from playwright.sync_api import expect

from programs.addresses import admin_path
from tests import factories
from tests.browser.test_page_quality import Visit, log_in
from tests.browsers import width_of
from volunteers.models import Enquiry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry():
    factories.make_clearing_office(phone="0711 216-0", phone_hours="Mo–Do 9–12 Uhr")
    circle = factories.make_circle("Freundeskreis Süd")
    factories.make_member(circle, factories.make_user("katrin@example.org", name="Katrin"))
    return factories.make_entry("Sprachcafé", organisation=circle)


@pytest.mark.slow
def test_a_question_without_javascript_reaches_the_coordinator(
    no_js_page, entry, smtp_server, run_jobs
):
    page = no_js_page
    page.goto(entry.get_absolute_url())
    number = page.get_by_role("link", name="0711 216-0")
    assert number.get_attribute("href") == "tel:+497112160"
    page.get_by_role("link", name="Frage stellen").click()
    page.get_by_label("Ihre Frage").fill("Darf ich mein Kind mitbringen?")
    page.get_by_role("button", name="Frage abschicken").click()
    expect(page.get_by_role("alert")).to_contain_text("E-Mail oder Telefon")
    assert page.title().startswith("Fehler:")
    expect(page.get_by_label("Ihre Frage")).to_have_value("Darf ich mein Kind mitbringen?")
    page.get_by_label("Ihr Name").fill("Öznur Yılmaz")
    page.get_by_label("E-Mail").fill("oeznur@example.org")
    page.get_by_role("button", name="Frage abschicken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Frage")
    assert Enquiry.objects.get().name == "Öznur Yılmaz"
    run_jobs()
    (delivered,) = smtp_server.messages
    assert delivered["To"] == "katrin@example.org"
    assert delivered["Reply-To"] == "oeznur@example.org"


@pytest.mark.slow
def test_the_pages_of_a_question_are_accessible_and_fit_narrow_screens(page, entry):
    visit = Visit(page)
    visit.look(entry.get_absolute_url())
    visit.look(f"/fragen/{entry.slug}/")
    page.get_by_role("button", name="Frage abschicken").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.look_again("with errors")
    visit.look("/frage/danke/")
    enquiry = factories.make_enquiry(entry, "x" * 120, text="y" * 2000)
    log_in(page, factories.make_user("chefin@example.org", is_superuser=True))
    visit.look(admin_path(Enquiry))
    visit.look(admin_path(enquiry))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert width_of(page) <= 1280  # one word of 2000 letters
    page.get_by_label("beantwortet").check()
    page.get_by_role("button", name="Sichern", exact=True).click()
    page.wait_for_url("**/enquiry/")
    enquiry.refresh_from_db()
    assert enquiry.is_answered
    assert len(visit.seen) == 6
    assert not visit.faults, "\n".join(visit.faults)
