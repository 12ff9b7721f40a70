"""A process that is really killed while it sends a reminder."""

import datetime
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tests import factories
from volunteers import chores
from volunteers.models import OutgoingMail, Reminder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORK = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from volunteers import chores
chores.run_all()
"""
PATIENCE = 60
"""Seconds after which a process counts as stuck."""


def start_worker() -> "subprocess.Popen[bytes]":
    """Another process that sends everything that is due in this test's database."""
    name = connection.settings_dict["NAME"]
    return subprocess.Popen([sys.executable, "-c", WORK, name], cwd=settings.BASE_DIR)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def waits_for_the_outbox() -> bool:
    """Whether a process waits for the lock on the outbox that this test holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND relation = 'volunteers_outgoingmail'::regclass"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.slow
def test_killed_with_the_reminder_taken_and_the_mail_not_written_it_goes_out_once(queued_mail):
    office = factories.make_clearing_office()
    factories.make_member(office)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    factories.make_application(office, entry=None, answer_by=tomorrow)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE volunteers_outgoingmail IN EXCLUSIVE MODE")
        worker = start_worker()
        wait_until(waits_for_the_outbox)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    wait_until(lambda: not waits_for_the_outbox())
    assert (OutgoingMail.objects.count(), Reminder.objects.count()) == (0, 0)

    assert start_worker().wait(PATIENCE) == 0
    chores.run_all()

    assert OutgoingMail.objects.count() == 1
