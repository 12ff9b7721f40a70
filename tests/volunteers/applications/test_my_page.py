"""„Meine Seite“: by login and by signed link; open questions first; consents that can be withdrawn."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.clients import client_of
from tests.people import mailbox, my_page_of
from volunteers import sections
from volunteers.links import applications as application_links
from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.models import Application, Consent, Registration, Reminder
from volunteers.models.statuses import Status
from volunteers.reminders.applications import CONTACT_QUESTION
from volunteers.services import applications as services
from volunteers.services.consents import withdraw_consent
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db

EMAIL = "amira@example.org"


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def signed_up(entry, email=EMAIL):
    """A confirmed application with its consent, through the public pages."""
    answers = {"email": email, "name": "Amira Haddad", "age": "adult"}
    services.submit_application(entry=entry, answers=answers)
    application = Application.objects.get(entry=entry, email=email, status=Status.UNCONFIRMED)
    return services.confirm_application(application=application)


def page_of(email=EMAIL):
    return Client().get(my_page_of(email))


def logged_in(*emails, verified=True):
    user = factories.make_user(emails[0])
    for email in emails:
        EmailAddress.objects.create(user=user, email=email, verified=verified)
    return client_of(user)


# --- Whose page it is ---------------------------------------------------------------------------


@pytest.mark.slow
def test_link_opens_everything_of_its_address_and_nothing_else(circle):
    signed_up(circle)
    other = factories.make_circle("Freundeskreis Süd")
    signed_up(other, "ben@example.org")
    html = page_of().content.decode()
    assert "Guten Tag, <bdi>Amira Haddad</bdi>" in html
    assert "Freundeskreis Feuerbach" in html
    assert "Freundeskreis Süd" not in html
    assert 'content="noindex"' in html
    assert EMAIL not in html


def without_own_address(answer):
    """The page without its own address, which stands in the links to other languages."""
    token = answer.wsgi_request.path.split("/")[2]
    return answer.text.replace(token, "")


def test_page_does_not_tell_known_addresses_from_unknown_ones(circle):
    """No record and an unconfirmed sign-up give the same response; so do all invented tokens."""
    answers = {"email": "neu@example.org", "name": "Neu", "age": "adult"}
    services.submit_application(entry=circle, answers=answers)
    nothing_there = [
        page_of("niemand@example.org"),
        page_of("neu@example.org"),
        page_of(""),
    ]
    invented = [
        Client().get(reverse("volunteers:my_page_by_link", args=["tampered"])),
        Client().get(reverse("volunteers:my_page_by_link", args=["a" * 5000])),
    ]
    for answers, status in ((nothing_there, 410), (invented, 404)):
        assert {answer.status_code for answer in answers} == {status}
        assert len({without_own_address(answer) for answer in answers}) == 1


def test_link_of_another_purpose_does_not_open_the_page(circle):
    application = signed_up(circle)
    for token in (
        application_links.status_token(application),
        signing.sign(application_links.CONTACT, EMAIL),
    ):
        url = reverse("volunteers:my_page_by_link", args=[token])
        assert Client().get(url).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("confirmed", [True, False])
def test_registration_alone_opens_the_page_once_confirmed(circle, confirmed):
    Registration.objects.create(
        event=factories.make_event(organisation=circle),
        organisation=circle,
        name="Amira",
        email=EMAIL,
        status="registered" if confirmed else "unconfirmed",
        confirmed_at=timezone.now() if confirmed else None,
    )
    assert page_of().status_code == (200 if confirmed else 410)


@pytest.mark.slow
def test_login_shows_all_confirmed_addresses_of_the_account(circle):
    signed_up(circle)
    signed_up(factories.make_circle("Freundeskreis Süd"), "zweite@example.org")
    html = logged_in(EMAIL, "zweite@example.org").get(reverse("volunteers:my_page"))
    assert "Freundeskreis Feuerbach" in html.content.decode()
    assert "Freundeskreis Süd" in html.content.decode()


def test_unproven_address_of_an_account_shows_nothing(circle):
    signed_up(circle)
    html = logged_in(EMAIL, verified=False).get(reverse("volunteers:my_page")).content.decode()
    assert "Freundeskreis Feuerbach" not in html
    assert "Noch nichts da" in html


@pytest.mark.slow
def test_status_page_and_mail_offer_the_link(client, circle):
    application = signed_up(circle)
    page = client.get(application_links.status_path(application))
    assert client.get(page.context["my_page_url"]).status_code == 200
    assert "/meine-seite/" in mail.outbox[-1].body
    assert "/meine-seite/" not in mail.outbox[0].body, "not before the address is proven"


# --- What stands on it --------------------------------------------------------------------------


@pytest.mark.slow
def test_what_waits_for_the_person_comes_first(circle, katrin):
    application = signed_up(circle)
    write_message(application=application, text="Wann passt es Ihnen?", by=katrin)
    asked = factories.make_application(
        factories.make_circle("Freundeskreis Süd"), email="b@example.org"
    )
    amira = application.volunteer
    Application.objects.filter(pk=asked.pk).update(email=EMAIL, volunteer=amira)
    Reminder.objects.create(
        purpose=CONTACT_QUESTION, subject=asked.pk, due_on=datetime.date(2026, 1, 1)
    )
    page = page_of()
    html = page.content.decode()
    texts = [point.text for point in page.context["open_points"]]
    assert texts == [
        "Sie haben eine Nachricht zu „Freundeskreis Feuerbach“.",
        "Hat sich zu „Freundeskreis Süd“ schon jemand bei Ihnen gemeldet?",
    ]
    assert html.index("Das wartet auf Sie") < html.index("Meine Anmeldungen")
    assert html.index("Meine Anmeldungen") < html.index("Meine Einwilligungen")
    assert html.count("button--primary") == 1
    for point in page.context["open_points"]:
        assert Client().get(point.url.partition("#")[0]).status_code == 200


@pytest.mark.slow
def test_answered_message_waits_no_longer(circle, katrin):
    application = signed_up(circle)
    write_message(application=application, text="Wann passt es Ihnen?", by=katrin)
    write_message(application=application, text="Dienstag.")
    assert not page_of().context["open_points"]


@pytest.mark.slow
def test_what_is_over_stands_apart(circle):
    services.withdraw_application(application=signed_up(circle))
    html = page_of().content.decode()
    assert "Zurzeit läuft keine Anmeldung." in html
    assert "1 frühere Anmeldung" in html


@pytest.mark.slow
def test_page_asks_as_often_for_thirty_applications_as_for_one(circle):
    def queries():
        page_of()
        with CaptureQueriesContext(connection) as captured:
            assert page_of().status_code == 200
        return len(captured)

    signed_up(circle)
    once = queries()
    for number in range(29):
        signed_up(factories.make_circle(f"Freundeskreis {number}"))
    assert queries() == once


@pytest.mark.slow
def test_every_section_is_shown_that_has_something_to_say(circle, monkeypatch):
    signed_up(circle)
    seen = []

    def empty(person):
        seen.append(person.emails)
        return

    monkeypatch.setattr(sections, "OF_PERSON", (*sections.OF_PERSON, empty))
    assert page_of().status_code == 200
    assert seen == [(EMAIL,)]


# --- Consents -----------------------------------------------------------------------------------


def withdraw_path(consent, email=EMAIL):
    return reverse(
        "volunteers:withdraw_consent", args=[person_links.person_token(mailbox(email)), consent.pk]
    )


@pytest.mark.slow
def test_withdrawing_the_consent_withdraws_the_application_and_asks_first(client, circle):
    application = signed_up(circle)
    consent = application.consents.get()
    path = withdraw_path(consent)
    assert path.rpartition("einwilligung")[2] in page_of().content.decode()
    page = client.get(path)
    assert "auch Ihre Anmeldung zurückgezogen" in page.content.decode()
    application.refresh_from_db()
    assert application.status == Status.NEW
    response = client.post(path)
    assert response.status_code == 302
    assert response.headers["Location"].endswith("#einwilligungen")
    application.refresh_from_db()
    consent.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    assert consent.withdrawn_at is not None
    html = client.get(response.headers["Location"]).content.decode()
    assert "widerrufen am" in html
    assert ">Widerrufen<" not in html
    assert client.post(path).status_code == 302, "twice is the same as once"


@pytest.mark.slow
def test_consent_to_what_is_over_can_be_withdrawn_too(client, circle, katrin):
    application = signed_up(circle)
    services.change_status(application=application, status="declined", by=katrin, reason="Voll")
    consent = application.consents.get()
    assert "Die Sache ist schon beendet" in client.get(withdraw_path(consent)).content.decode()
    withdraw_consent(consent=consent)
    application.refresh_from_db()
    consent.refresh_from_db()
    assert application.status == Status.DECLINED
    assert consent.withdrawn_at is not None


def test_withdrawing_the_consent_gives_the_seat_back(client, circle):
    registration = Registration.objects.create(
        event=factories.make_event(organisation=circle),
        organisation=circle,
        name="Amira",
        email=EMAIL,
        status="registered",
        confirmed_at=timezone.now(),
    )
    consent = Consent.objects.create(
        registration=registration, purpose="registration", text_version="2026-11"
    )
    assert client.post(withdraw_path(consent)).status_code == 302
    registration.refresh_from_db()
    consent.refresh_from_db()
    assert registration.status == "cancelled"
    assert consent.withdrawn_at is not None


@pytest.mark.slow
def test_nobody_withdraws_the_consent_of_somebody_else(client, circle):
    signed_up(circle)
    theirs = signed_up(circle, "ben@example.org").consents.get()
    for method in (client.get, client.post):
        answer = method(withdraw_path(theirs))
        assert answer["Location"].endswith("#einwilligungen"), "the list of the own ones"
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_after_withdrawing_whoever_is_logged_in_stays_on_the_own_page(circle):
    consent = signed_up(circle).consents.get()
    response = logged_in(EMAIL).post(withdraw_path(consent))
    assert response.headers["Location"].partition("#")[0] == reverse("volunteers:my_page")
