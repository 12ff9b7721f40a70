"""5,000 recipients get an issue once each although real worker processes are killed in the middle."""

import subprocess
import sys
import time

import pytest
from django.conf import settings as portal_settings
from django.db import connection

from portal.models import NewsletterIssue
from portal.newsletter import issues
from portal.tasks import send_newsletter
from tests import factories
from tests.killed import kill
from volunteers.tasks import free_abandoned

from .sending import WatchedServer, subscribe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORK = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[2])
django.setup()
from django.core.management import call_command
call_command("worker", queues="mail,jobs")
"""
PATIENCE = 900
"""Seconds after which a worker counts as stuck."""


@pytest.fixture
def server():
    server = WatchedServer()
    server.start()
    yield server
    server.stop()


class Workers:
    """One worker after another, as a supervisor starts them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        name = connection.settings_dict["NAME"]
        command = [sys.executable, "-c", WORK, str(name), str(self.port)]
        self.running = subprocess.Popen(command, cwd=portal_settings.BASE_DIR)

    def kill(self) -> None:
        assert self.running is not None
        kill(self.running)

    def is_dead(self) -> bool:
        assert self.running is not None
        return self.running.poll() is not None


@pytest.fixture
def workers(server):
    workers = Workers(server.port)
    yield workers
    if workers.running is not None and not workers.is_dead():
        workers.kill()


def status(issue: NewsletterIssue) -> str:
    return NewsletterIssue.objects.values_list("status", flat=True).get(pk=issue.pk)


def let_the_portal_notice():
    """The dead worker's last sign of life is old; the job that looks for such workers, and the next round, are due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    free_abandoned.defer(timestamp=1)
    send_newsletter.defer(timestamp=2)


def begin(count):
    readers = subscribe(count)
    issue = factories.make_issue(texts=["Grüß Gott!"])
    issues.schedule(issue=issue, at=None, seen=issues.fingerprint(issue))
    send_newsletter.defer(timestamp=1)
    return issue, readers


def send_with(workers, issue):
    """Start workers until it is sent, a new one when one is dead."""
    workers.start()
    end = time.monotonic() + PATIENCE
    while status(issue) != "sent":
        assert time.monotonic() < end, "it never came to that"
        if workers.is_dead():
            let_the_portal_notice()
            workers.start()
        elif not is_queued():
            send_newsletter.defer(timestamp=3)  # as every minute
        time.sleep(0.1)


def is_queued() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_newsletter' "
            "AND status IN ('todo', 'doing')"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.long
def test_five_thousand_get_it_once_each_though_workers_are_killed(server, workers):
    issue, readers = begin(5000)
    for number in (1, 1700, 3400):  # with the mail half sent
        server.at_mail[number] = workers.kill
        server.refuses.add(number)
    send_with(workers, issue)
    assert server.recipients == dict.fromkeys(readers, 1)
    assert server.begun == 5003
    issue.refresh_from_db()
    assert (issue.recipients, issue.delivered, issue.refused) == (5000, 5000, 0)


def test_killed_between_the_answer_and_the_commit_one_mail_goes_twice_with_one_number(
    server, workers
):
    issue, readers = begin(10)
    server.after_mail[5] = workers.kill
    send_with(workers, issue)
    twice = [reader for reader, count in server.recipients.items() if count == 2]
    assert len(twice) == 1
    assert sum(server.recipients.values()) == 11
    assert set(server.recipients) == set(readers)
    numbers = {mail["Message-ID"] for mail in server.messages if mail["To"] == twice[0]}
    assert len(numbers) == 1
