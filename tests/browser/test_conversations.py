"""In the browser: messages, the question after two weeks, taking over, „Meine Seite“."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_page_quality import Visit, confirmed, log_in
from tests.mailserver import text_of
from tests.people import mailbox
from volunteers.links import applications as application_links
from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.models import Message
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Donaudampfschifffahrtsgesellschaft" * 4


@pytest.fixture
def circle():
    office = factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach", department=office)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.fixture
def sonja(circle):
    """Works at the office in charge of the Freundeskreis."""
    return factories.make_member(circle.department, role="staff").user


@pytest.mark.slow
def test_person_and_coordinator_write_to_each_other(
    open_page, circle, katrin, smtp_server, run_jobs
):
    application = confirmed(circle)
    phone, desk = open_page(width=360, height=740, javascript=False), open_page()
    phone.goto(application_links.status_path(application))
    phone.get_by_role("button", name="Nachricht schicken").click()
    expect(phone.get_by_role("alert")).to_contain_text("Bitte schreiben Sie etwas")
    phone.get_by_label("Nachricht schreiben").fill("Wann geht es los?")
    phone.get_by_role("button", name="Nachricht schicken").click()
    expect(phone.get_by_text("Wann geht es los?")).to_be_visible()

    run_jobs()
    (to_katrin,) = [m for m in smtp_server.messages if m["To"] == katrin.email]
    assert "Reply-To" not in to_katrin
    log_in(desk, katrin)
    desk.goto(re.findall(r"https?://\S+", text_of(to_katrin))[0])
    expect(desk.get_by_text("1 ohne Antwort", exact=True)).to_be_visible()
    desk.get_by_label("Nachricht an die Person").fill("Am Donnerstag!")
    desk.once("dialog", lambda question: question.dismiss())  # „Seite verlassen?“ – no
    with desk.expect_event("dialog"):
        desk.get_by_role("link", name="Start", exact=True).first.click()
    desk.get_by_role("button", name="Nachricht schicken").click()
    expect(desk.get_by_text("Die Nachricht ist unterwegs.")).to_be_visible()
    expect(desk.get_by_text("ohne Antwort")).to_have_count(0)

    run_jobs()
    answer = smtp_server.messages[-1]
    assert answer["To"] == application.email
    assert katrin.email not in answer.as_string()
    phone.goto(re.findall(r"https?://\S+", text_of(answer))[0])
    phone.reload()  # only the fragment of the URL is new
    expect(phone.get_by_text("Am Donnerstag!")).to_be_visible()
    expect(phone.get_by_text("Stand: im Gespräch.")).to_be_visible()


@pytest.mark.slow
def test_no_reaches_the_office_which_takes_over(open_page, circle, katrin, sonja):
    application = confirmed(circle)
    phone, desk = open_page(width=360, height=740), open_page()
    token = signing.sign(application_links.CONTACT, application.public_id)
    phone.goto(reverse("volunteers:contact", args=[token, "nein"]))
    phone.get_by_role("button", name="Nein, noch nicht").click()
    expect(phone.get_by_text("Die Stadt weiß, dass Sie warten")).to_be_visible()

    log_in(desk, sonja)
    desk.goto(reverse("admin:index"))
    panel = desk.get_by_role("region", name=re.compile("Wartet zu lange in Ihrem Bereich"))
    expect(panel).to_contain_text("Niemand hat sich gemeldet")
    expect(panel).not_to_contain_text(application.name)
    panel.get_by_role("button", name="Erinnern").click()
    expect(desk.get_by_text("Freundeskreis Feuerbach ist erinnert")).to_be_visible()
    desk.get_by_role("button", name="Übernehmen").click()
    expect(desk.get_by_text("Jetzt antwortet Sozialamt.")).to_be_visible()
    expect(desk.get_by_role("heading", name=re.compile(application.name))).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Jetzt zuständig: Sozialamt")).to_be_visible()


@pytest.mark.slow
def test_pages_are_accessible_and_fit_narrow_screens(page, circle, katrin, sonja):
    application = confirmed(circle)
    write_message(application=application, text=LONG)
    write_message(application=application, text=f"Hallo {LONG}", by=katrin)
    waiting = factories.make_application(
        circle, LONG[:100], answer_by=timezone.localdate() - datetime.timedelta(days=9)
    )
    Message.objects.create(application=waiting, sender="applicant", text=LONG)
    token = person_links.person_token(mailbox(application.email))
    contact = signing.sign(application_links.CONTACT, waiting.public_id)
    over = signing.sign(application_links.CONTACT, application.public_id)
    visit = Visit(page)
    for address in (
        application_links.status_path(application),
        application_links.status_path(waiting),
        reverse("volunteers:my_page_by_link", args=[token]),
        reverse("volunteers:withdraw_consent", args=[token, application.consents.get().pk]),
        reverse("volunteers:contact", args=[contact, "nein"]),
        reverse("volunteers:contact", args=[over, "nein"]),
    ):
        visit.look(address)
    log_in(page, sonja)
    visit.look(reverse("admin:index"))
    visit.look(reverse("admin:volunteers_application_escalated"))
    log_in(page, katrin)
    visit.look(reverse("admin:index"))
    for page_of_work in ("hand_on", "message"):
        # axe would load the imports of Django's forms.css with an inline style
        address = reverse(f"admin:volunteers_application_{page_of_work}", args=[waiting.pk])
        visit.look(address, accessible=False)
    assert len(visit.seen) == 11
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.slow
def test_link_inside_a_card_can_be_tapped(phone_page, circle):
    """The link of the card covers the whole card, but not the other links in it."""
    application = factories.make_application(circle, "Amira Haddad")
    phone_page.goto(person_links.person_path(application))
    card = phone_page.locator(".card", has=phone_page.locator(".card__link")).first
    card.locator("a:not(.card__link)").click()
    phone_page.wait_for_url("**" + circle.get_absolute_url())
    phone_page.go_back()
    card.locator(".badges").click(force=True)
    phone_page.wait_for_url("**" + application_links.status_path(application))
