"""„manage.py bounces“: a mail that comes back later counts like one that was refused at once."""

import email
import io
import sys

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone

from portal.models import NewsletterDelivery, Subscription
from portal.newsletter import services
from tests import factories
from volunteers.models import OutgoingMail
from volunteers.notifications import bounces

pytestmark = pytest.mark.django_db

NORA = "nora@example.org"


@pytest.fixture
def sent(queued_mail):
    """A mail of the portal that the mail server has taken."""
    send_mail("Willkommen", "Text", None, [NORA])
    mail = OutgoingMail.objects.get()
    mail.sent_at = timezone.now()
    mail.save()
    return mail


def message_id(mail):
    return email.message_from_bytes(bytes(mail.content))["Message-ID"]


def report(identity, address=NORA, *, status="5.1.1", action="failed", whole=False, original=""):
    """What Postfix and Exchange send, in the form of RFC 3464."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    text = f"""From: MAILER-DAEMON@mx.example
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x/mx"

--x/mx
Content-Type: text/plain

I'm sorry to have to inform you …

--x/mx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{original}Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--x/mx
Content-Type: {kind}

Subject: Willkommen
Message-ID: {identity}

Text
--x/mx--
"""
    return text.encode()


def take(monkeypatch, raw):
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("bounces", stdout=said)
    return said.getvalue().strip()


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_that_comes_back_is_given_up_and_the_address_is_dead(monkeypatch, sent, whole):
    assert take(monkeypatch, report(message_id(sent), whole=whole)) == "Vermerkt: 1"
    sent.refresh_from_db()
    assert (sent.sent_at, sent.refused_with) == (None, 550)
    assert list(OutgoingMail.objects.that_show_a_dead_address(NORA)) == [sent]
    assert take(monkeypatch, report(message_id(sent), whole=whole)) == "Vermerkt: 0"


def test_a_full_mailbox_is_no_dead_address(monkeypatch, sent):
    take(monkeypatch, report(message_id(sent), status="5.2.2"))
    sent.refresh_from_db()
    assert sent.failed_at is not None
    assert not OutgoingMail.objects.that_show_a_dead_address(NORA).exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "delayed"},
        {"status": "4.4.1"},
        {"status": "nonsense"},
        {"address": "andere@example.org"},
        {"identity": "<erfunden@example.org>"},
    ],
)
def test_what_is_no_final_failure_of_a_mail_of_ours_changes_nothing(monkeypatch, sent, fault):
    raw = report(**({"identity": message_id(sent)} | fault))
    assert take(monkeypatch, raw) == "Vermerkt: 0"
    sent.refresh_from_db()
    assert sent.failed_at is None


def test_a_forwarded_mail_counts_for_the_address_it_was_sent_to(monkeypatch, sent):
    original = f"Original-Recipient: rfc822;{NORA}\n"
    raw = report(message_id(sent), "weiter@example.net", original=original)
    assert take(monkeypatch, raw) == "Vermerkt: 1"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 5000,
        b"Subject: Bin im Urlaub\n\nBis bald",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nx\n--x--",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--",
        report("<\u202e>", "\u202e" * 40),
        report("<a@b>" * 2000, status="5.1.1\n" * 50),
    ],
)
def test_whatever_comes_in_ends_well(monkeypatch, sent, raw):
    assert take(monkeypatch, raw) == "Vermerkt: 0"


def test_a_report_larger_than_is_read_is_cut(monkeypatch, sent):
    raw = report(message_id(sent)) + b"x" * bounces.LARGEST
    assert take(monkeypatch, raw) == "Vermerkt: 1"


def delivered(reader, number):
    issue = factories.make_sent_issue(f"Ausgabe {number}")
    return NewsletterDelivery.objects.create(
        issue=issue, subscription=reader, state="sent", done_at=timezone.now()
    )


def own_id(delivery, settings):
    host = settings.SITE_URL.split("://")[1].partition(":")[0].partition("/")[0]
    return f"<newsletter.{delivery.issue_id}.{delivery.pk}@{host}>"


def test_after_three_issues_that_came_back_an_address_gets_no_more(monkeypatch, settings):
    reader = factories.make_subscription(NORA)
    for number in range(3):
        assert Subscription.objects.get().stopped_at is None
        delivery = delivered(reader, number)
        raw = report(own_id(delivery, settings))
        assert take(monkeypatch, raw) == "Vermerkt: 1"
        assert take(monkeypatch, raw) == "Vermerkt: 0"
        delivery.refresh_from_db()
        assert (delivery.state, delivery.code) == ("refused", 550)
    assert Subscription.objects.get().stopped_at is not None


def test_nobody_ends_the_newsletter_of_another_mailbox(monkeypatch, settings):
    delivery = delivered(factories.make_subscription(NORA), 1)
    take(monkeypatch, report(own_id(delivery, settings), "andere@example.org"))
    take(monkeypatch, report(own_id(delivery, settings).replace("@", "@boese."), NORA))
    assert Subscription.objects.get().late_bounces == 0
    take(monkeypatch, report(own_id(delivery, settings), status="5.2.2"))
    assert Subscription.objects.get().late_bounces == 0
    delivery.refresh_from_db()
    assert delivery.state == "refused"


def test_who_subscribes_anew_begins_anew(settings):
    reader = factories.make_subscription(NORA, late_bounces=3, stopped_at=timezone.now())
    services.resume(subscription=reader)
    reader.refresh_from_db()
    assert (reader.late_bounces, reader.stopped_at) == (0, None)
