"""A teacher asks for a pupil, the mother agrees on her phone, and a volunteer with a certificate is found."""

import re

import pytest
from playwright.sync_api import expect

from programs.addresses import admin_path
from tests import factories
from tests.browser.test_page_quality import Visit, log_in
from tests.mailserver import text_of
from volunteers.models import CompanionRequest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TEACHER, MOTHER = "krueger@schule.example", "amina@example.org"
ARABIC = "أمينة الحسن"


@pytest.fixture
def coordinator():
    circle = factories.make_circle(department=factories.make_clearing_office())
    return factories.make_member(circle).user


def link_to(server, run_jobs, address):
    run_jobs()
    newest = [mail for mail in server.messages if mail["To"] == address][-1]
    return re.findall(r"https?://\S+", text_of(newest))[0]


def teacher_asks(page):
    page.goto("/begleitung/")
    page.get_by_label("für jemanden, den ich betreue").check()
    page.get_by_label("العربية").check()
    weiter = page.get_by_role("button", name="Weiter")
    weiter.click()
    weiter.click()
    page.get_by_label("Wie heißt der Mensch").fill("Navid")
    page.get_by_label("14 bis 17 Jahre").check()
    page.get_by_label("Wie heißt die Mutter").fill("Amina Hassan")
    page.get_by_label("Deren E-Mail").fill(MOTHER)
    page.get_by_label("Wie heißen Sie selbst?").fill("Petra Krüger")
    page.get_by_label("Schule, Unterkunft").fill("Rosensteinschule")
    page.get_by_label("Ihre E-Mail", exact=True).fill(TEACHER)
    page.get_by_label("Ich möchte erfahren").check()
    weiter.click()
    page.get_by_label("Ja, ich habe mit der Familie").check()
    page.get_by_role("button", name="Begleitung suchen").click()
    expect(page.get_by_role("heading", name="Fast fertig")).to_be_visible()


def test_teacher_asks_mother_agrees_on_her_phone_and_somebody_is_found(
    open_page, coordinator, smtp_server, run_jobs
):
    programme = factories.make_programme(
        organisation=coordinator.memberships.get().organisation, makes_tandems=True
    )
    ida = factories.make_ready(programme.organisation, "Ida Weber", entry=programme)
    factories.make_conduct_check(ida, coordinator)
    factories.make_ready(programme.organisation, "Jo Keck", entry=programme)
    school = open_page(width=1280)
    teacher_asks(school)
    school.goto(link_to(smtp_server, run_jobs, TEACHER))
    school.get_by_role("button", name="Ja, ich habe gefragt").click()
    expect(school.get_by_text("Wir warten auf das Ja")).to_be_visible()

    phone = open_page(width=360)
    phone.goto(link_to(smtp_server, run_jobs, MOTHER))
    visit = Visit(phone)
    visit.look_again("what a guardian reads")
    phone.get_by_role("button", name="Ja, bitte suchen").click()
    expect(phone.get_by_text("Jede Schrift ist richtig").first).to_be_visible()
    phone.get_by_label("Ihr Name").fill(ARABIC)
    phone.get_by_label("Was sagt Ihr Kind dazu?").fill("Ja, ich möchte Mathe üben.")
    phone.get_by_label("Ich habe die Sorge").check()
    visit.look_again("before the yes")
    phone.get_by_role("button", name="Ja, bitte suchen").click()
    expect(phone.get_by_text("Wir suchen.")).to_be_visible()
    expect(phone.get_by_text(ARABIC)).to_be_visible()
    assert not visit.faults, "\n".join(visit.faults)
    school.reload()
    expect(school.get_by_text("Das Ja liegt vor")).to_be_visible()
    assert ARABIC not in school.content()

    desk = open_page(width=1280)
    desk.goto("/robots.txt")
    log_in(desk, coordinator)
    desk.goto(admin_path(CompanionRequest.objects.get()))
    expect(desk.get_by_text(ARABIC)).to_be_visible()
    desk.get_by_role("link", name="Wer passt?").click()
    fitting = desk.locator("ol.pairs")
    expect(fitting.get_by_text("Ida Weber").first).to_be_visible()
    expect(fitting.get_by_text("Jo Keck")).to_have_count(0)
    desk.get_by_role("button", name=re.compile("^Vorschlagen ?: Navid")).click()
    expect(desk.get_by_text("Vorgeschlagen: Ida Weber & Navid")).to_be_visible()
