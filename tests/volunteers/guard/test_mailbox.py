"""Nobody can use the portal to write to others: few mails to one mailbox, and links only to the portal."""

import datetime

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.guard.limits import TooManyTries, mailbox
from volunteers.notifications.sending import without_foreign_links
from volunteers.services import applications, invitations, registrations, requests

pytestmark = pytest.mark.django_db

ADVERT = "Jetzt 500 Euro sichern: www.gewinn.example/los und http://gewinn.example"


@pytest.mark.slow
def test_a_mailbox_gets_a_handful_of_mails_over_all_forms_together(real_limits):
    office = factories.make_clearing_office()
    starts = timezone.now() + datetime.timedelta(days=30)
    for number in range(8):
        email = f"name+{number}@example.org"
        entry = factories.make_entry(f"Angebot {number}", organisation=office)
        answers = {"email": email, "name": "Amina", "age": "adult"}
        applications.submit_application(entry=entry, answers=answers)
        event = factories.make_event(
            f"Abend {number}", organisation=office, starts_at=starts, takes_registrations=True
        )
        guest = registrations.Guest(email=email, name="Amina")
        registrations.submit_registration(event=event, guest=guest)
        asked = {"email": email, "name": "Amina", "age_group": "adult"}
        requests.submit_request(programme=None, answers=asked)
    assert len(mail.outbox) == settings.RATE_LIMITS["mailbox"]["target"][0]
    assert {mailbox(message.to[0]) for message in mail.outbox} == {"name@example.org"}


def test_form_stays_silent_when_the_mailbox_is_full(settings):
    factories.make_clearing_office()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": {"target": (1, 3600)}}
    client = Client()
    answers = [
        client.post(reverse("volunteers:my_data"), {"email": address})
        for address in ("name@example.org", "NAME+x@example.org", "other@example.org")
    ]
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {answers[0].url}
    assert [message.to[0] for message in mail.outbox] == ["name@example.org", "other@example.org"]


def test_names_carry_no_links_to_strangers():
    office = factories.make_clearing_office()
    circle = factories.make_circle(ADVERT, department=office)
    by = factories.make_member(circle).user
    invitations.invite(
        organisation=circle,
        offer=invitations.Offer(name="Fremde", email="fremd@example.org", role="coordinator"),
        by=by,
    )
    entry = factories.make_entry(ADVERT, organisation=circle)
    answers = {"email": "fremd@example.net", "name": "Fremde", "age": "adult"}
    applications.submit_application(entry=entry, answers=answers)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert "gewinn.example" not in message.subject + message.body
        assert settings.SITE_URL in message.body


@pytest.mark.slow
def test_an_organisation_invites_only_so_many_strangers_a_day(real_limits):
    office = factories.make_clearing_office()
    circle = factories.make_circle(department=office)
    by = factories.make_member(circle).user
    most = settings.RATE_LIMITS["invitations"]["target"][0]

    def invite(number):
        offer = invitations.Offer(name="Neu", email=f"neu{number}@example.org", role="coordinator")
        invitations.invite(organisation=circle, offer=offer, by=by)

    for number in range(most):
        invite(number)
    with pytest.raises(TooManyTries):
        invite(most)
    assert len(mail.outbox) == most


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Freundeskreis Feuerbach, z.B. am 3.4. um 18.30 Uhr", None),
        ("Siehe gewinn.de/los!", "Siehe …"),
        ("HTTPS://GEWINN.EXAMPLE", "…"),
        ("schreiben an a@gewinn.com", "schreiben an a@…"),
        (f"{settings.SITE_URL}/anmeldung/abc/", None),
    ],
)
def test_foreign_links_are_taken_out_and_nothing_else(text, expected):
    assert without_foreign_links(text) == (expected or text)
