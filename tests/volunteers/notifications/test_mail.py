"""A mail is sent once, after the commit of its change, and never lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import make_user
from tests.mailserver import MailServer, text_of
from volunteers.models import OutgoingMail
from volunteers.notifications.outbox import deliver

pytestmark = pytest.mark.django_db(transaction=True)

RunJobs = Callable[[], None]


def write(subject: str = "Ihre Anmeldung") -> None:
    send_mail(subject, "Grüß Gott", None, ["juergen@example.org"])


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return cursor.fetchone()[0]


def let_waiting_time_pass() -> None:
    """Make every job that waits for a retry due now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        assert cursor.rowcount > 0


def test_a_mail_is_delivered_by_the_worker(smtp_server: MailServer, run_jobs: RunJobs):
    write("Bestätigung für Jürgen")
    assert smtp_server.messages == []

    run_jobs()

    (message,) = smtp_server.messages
    assert message["Subject"] == "Bestätigung für Jürgen"
    assert message["To"] == "juergen@example.org"
    assert text_of(message).splitlines()[0] == "Grüß Gott"
    assert OutgoingMail.objects.get().sent_at is not None


def test_a_mail_arrives_byte_for_byte_as_it_was_written(smtp_server: MailServer, run_jobs: RunJobs):
    mail = EmailMultiAlternatives("Ihr Termin", "Text\n.\nEnde", None, ["a@example.org"])
    mail.attach("termin.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")
    mail.send()
    stored = bytes(OutgoingMail.objects.get().content)

    run_jobs()

    (message,) = smtp_server.messages
    assert f"Message-ID: {message['Message-ID']}".encode() in stored
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "termin.ics"
    assert text_of(message).splitlines()[:4] == ["Text", ".", "Ende", ""]


def test_every_mail_says_that_a_machine_wrote_it_and_where(
    smtp_server: MailServer, run_jobs: RunJobs, client: Client, settings: Settings
):
    settings.SITE_URL = "https://engagement.example.org:8443"
    make_user("katrin@example.org")
    write()
    write()
    client.post(reverse("account_request_login_code"), {"email": "katrin@example.org"})

    run_jobs()

    assert sorted(mail["To"] for mail in smtp_server.messages) == [
        "juergen@example.org",
        "juergen@example.org",
        "katrin@example.org",
    ]
    assert {mail["Auto-Submitted"] for mail in smtp_server.messages} == {"auto-generated"}
    names = {mail["Message-ID"] for mail in smtp_server.messages}
    assert len(names) == 3
    assert all(name.endswith("@engagement.example.org>") for name in names)


def test_a_rollback_sends_nothing(smtp_server: MailServer, run_jobs: RunJobs):
    with transaction.atomic():
        write()
        assert OutgoingMail.objects.exists()
        transaction.set_rollback(True)

    run_jobs()

    assert smtp_server.messages == []
    assert not OutgoingMail.objects.exists()
    assert waiting_jobs() == 0


def test_no_mail_is_lost_while_the_mail_server_is_down(smtp_server: MailServer, run_jobs: RunJobs):
    smtp_server.stop()
    for number in range(3):
        write(f"Mail {number}")

    run_jobs()
    assert waiting_jobs() == 3
    assert OutgoingMail.objects.filter(sent_at=None).count() == 3

    smtp_server.start()
    let_waiting_time_pass()
    run_jobs()

    assert sorted(str(mail["Subject"]) for mail in smtp_server.messages) == [
        "Mail 0",
        "Mail 1",
        "Mail 2",
    ]
    assert waiting_jobs() == 0
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.slow
def test_two_workers_send_a_mail_once(smtp_server: MailServer):
    smtp_server.seconds_to_accept = 0.5
    write()
    mail_id = OutgoingMail.objects.get().pk

    def work() -> None:
        try:
            deliver(mail_id, last_try=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for result in [workers.submit(work) for _ in range(2)]:
            result.result()

    assert len(smtp_server.messages) == 1


def test_a_mail_without_recipients_is_not_stored(smtp_server: MailServer, run_jobs: RunJobs):
    send_mail("Niemand", "…", None, [])

    run_jobs()

    assert smtp_server.messages == []
    assert not OutgoingMail.objects.exists()
