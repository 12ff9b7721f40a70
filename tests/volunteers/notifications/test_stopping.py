"""Mails that people may stop: by a link, by the mail program's button, and each only itself."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests import factories, mails
from tests.mailserver import text_of
from volunteers.links import signing, stopping
from volunteers.models import CheckIn, MailKind, MailStop, Qualification, Volunteer
from volunteers.notifications import answering, dates, registrations, tandems
from volunteers.privacy import retention

pytestmark = pytest.mark.django_db

EMAIL = "amina@example.org"
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=factories.BERLIN)


def event_reminder() -> None:
    event = factories.make_event()
    registrations.reminder(factories.make_registration(event, "Amina", email=EMAIL))


def invitation() -> None:
    event = factories.make_event(takes_registrations=True)
    registrations.invitation_to(
        factories.make_registration(event, "Amina", email=EMAIL, status="invited")
    )


def message_to_many() -> None:
    event = factories.make_event()
    registrations.message(factories.make_registration(event, "Amina", email=EMAIL), "> Guten Tag")


def qualification() -> None:
    today = timezone.localdate()
    volunteer = factories.make_volunteer("Amina", email=EMAIL)
    registrations.qualification_expires(
        Qualification.objects.create(
            volunteer=volunteer,
            event=factories.make_event(),
            title="Grundschulung",
            acquired_on=today,
            expires_on=today + datetime.timedelta(days=30),
        )
    )


def contact_question() -> None:
    known = Volunteer.objects.filter(email=EMAIL).first()
    volunteer = known or factories.make_volunteer("Amina", email=EMAIL)
    circle = factories.make_circle()
    answering.ask_about_contact(factories.make_application(circle, "Amina", volunteer=volunteer))


def check_in() -> None:
    circle = factories.make_circle()
    request = factories.make_request("Amina", email=EMAIL)
    tandem = factories.make_tandem(request, factories.make_ready(circle, "Dana"))
    due = {"side": "newcomer", "due_on": timezone.localdate()}
    tandems.how_is_it(CheckIn.objects.create(tandem=tandem, **due))


def single_date() -> None:
    known = Volunteer.objects.filter(email=EMAIL).first()
    volunteer = known or factories.make_volunteer("Amina", email=EMAIL)
    circle = factories.make_circle()
    application = factories.make_application(circle, "Amina", volunteer=volunteer)
    dates.offered(factories.make_date_offer(factories.make_date(), application))


SENDERS: dict[MailKind, Callable[[], None]] = {
    MailKind.INVITATION: invitation,
    MailKind.EVENT_REMINDER: event_reminder,
    MailKind.QUALIFICATION: qualification,
    MailKind.CONTACT_QUESTION: contact_question,
    MailKind.CHECK_IN: check_in,
    MailKind.DATE: single_date,
    MailKind.GROUP: message_to_many,
}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""What the server of a mail program posts (RFC 8058, 3.1)."""


def link_of(message: Any) -> str:
    header: str = message.extra_headers["List-Unsubscribe"]
    return header.strip("<>").removeprefix(settings.SITE_URL)


def test_every_kind_has_a_mail():
    assert set(SENDERS) == set(MailKind)


def page_of(kind: MailKind, step: str = "stop_mails") -> str:
    return signing.path_of(step, stopping.token(kind, EMAIL))


def is_stopped(kind: MailKind) -> bool:
    return "bekommen Sie nicht mehr" in Client().get(page_of(kind)).text


@pytest.mark.parametrize("kind", MailKind)
def test_one_click_of_the_mail_program_stops_this_kind_and_nothing_else(kind):
    SENDERS[kind]()
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    server = Client(enforce_csrf_checks=True)
    for _click in range(2):
        assert server.post(link_of(message), ONE_CLICK).status_code == 200
    assert [is_stopped(other) for other in MailKind] == [other == kind for other in MailKind]


def test_stopped_mails_do_not_go_out_until_they_are_wanted_again(client):
    client.post(page_of(MailKind.CONTACT_QUESTION))
    contact_question()
    assert not mail.outbox
    event_reminder()
    assert len(mail.outbox) == 1
    with time_machine.travel(timezone.now(), tick=False):  # a link has the second of its making
        page = client.get(page_of(MailKind.CONTACT_QUESTION)).text
        assert page_of(MailKind.CONTACT_QUESTION, "resume_mails") in page
    assert client.post(page_of(MailKind.CONTACT_QUESTION, "resume_mails")).status_code == 200
    contact_question()
    assert len(mail.outbox) == 2


def test_opening_the_link_asks_and_changes_nothing(client):
    page = client.get(page_of(MailKind.CHECK_IN)).text
    assert "Fragen, wie es im Tandem läuft" in page
    assert EMAIL not in page
    assert not MailStop.objects.exists()


@pytest.mark.slow
def test_only_mails_that_may_be_stopped_say_how():
    mails.send_all()
    header = f"<{settings.SITE_URL}/mails-abbestellen/"
    may = [m for m in mail.outbox if m.extra_headers.get("List-Unsubscribe", "").startswith(header)]
    assert {stopping.read(link_of(m).split("/")[-2])[0] for m in may} == set(MailKind)
    assert len(mail.outbox) > len(may) + 60


def test_the_link_stands_in_the_last_lines_too(smtp_server, transactional_db, run_jobs):
    event_reminder()
    run_jobs()
    (message,) = smtp_server.messages
    header = message["List-Unsubscribe"].strip()
    assert header.startswith(f"<{settings.SITE_URL}/mails-abbestellen/")
    body = text_of(message)
    assert "Solche Mails nicht mehr bekommen:\nhttp" in body.replace("\r\n", "\n")


def test_the_address_is_not_stored(client):
    client.post(page_of(MailKind.CHECK_IN))
    (row,) = MailStop.objects.values()
    assert "amina" not in str(row)


def test_a_stop_is_kept_while_it_is_needed(settings, client):
    settings.INACTIVE_VOLUNTEER_MONTHS, settings.INACTIVE_ANSWER_MONTHS = 3, 1
    with time_machine.travel(NOON, tick=False) as clock:
        client.post(page_of(MailKind.CONTACT_QUESTION))
        client.post(page_of(MailKind.CHECK_IN))
        clock.shift(datetime.timedelta(days=100))
        contact_question()
        clock.shift(datetime.timedelta(days=30))
        retention.run()
        assert not mail.outbox
        assert is_stopped(MailKind.CONTACT_QUESTION)
        assert not is_stopped(MailKind.CHECK_IN)
