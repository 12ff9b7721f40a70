"""„Stimmt Ihr Eintrag noch?“ goes out once: two workers at the same time, one of them really killed."""

import datetime
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.directory.models import Upkeep
from programs.models import Organisation
from tests import factories
from volunteers.models import OutgoingMail, Reminder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORK = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.REMINDERS_FROM_HOUR = 0
django.setup()
from portal.directory import asking
asking.run()
"""
PATIENCE = 60
"""Seconds after which a process counts as stuck."""


@pytest.fixture
def circles():
    """Three organisations whose entries nobody has confirmed for a year."""
    office = factories.make_clearing_office()
    for number in range(3):
        factories.make_circle(
            f"Kreis {number}", contact_email=f"kreis{number}@example.org", department=office
        )
    old = timezone.now() - datetime.timedelta(days=366)
    Organisation.objects.update(created_at=old, confirmed_on=old.date())


def start_worker() -> "subprocess.Popen[bytes]":
    name = connection.settings_dict["NAME"]
    return subprocess.Popen([sys.executable, "-c", WORK, name], cwd=settings.BASE_DIR)


def waiting() -> int:
    """How many processes wait for the lock on the outbox, or for a row that another one has taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def wait_until(number: int) -> None:
    end = time.monotonic() + PATIENCE
    while waiting() != number:
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def counts() -> tuple[int, int, int]:
    asked = Upkeep.objects.filter(kind=Upkeep.Kind.ASKED)
    return OutgoingMail.objects.count(), Reminder.objects.count(), asked.count()


@pytest.mark.slow
def test_two_at_once_and_one_killed_ask_each_organisation_once(circles, queued_mail):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE volunteers_outgoingmail IN EXCLUSIVE MODE")
        killed = start_worker()
        wait_until(1)
        other = start_worker()
        wait_until(2)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait(PATIENCE) == -signal.SIGKILL
    assert other.wait(PATIENCE) == 0
    assert counts() == (3, 3, 3)

    assert start_worker().wait(PATIENCE) == 0
    assert counts() == (3, 3, 3)
