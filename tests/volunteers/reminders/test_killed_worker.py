"""A process that is really killed while it sends a reminder."""

import datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests import factories
from tests.killed import PATIENCE, kill, start_worker, wait_until, waits_for_the_outbox
from volunteers import chores
from volunteers.models import OutgoingMail, Reminder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
        kill(worker)
    wait_until(lambda: not waits_for_the_outbox())
    assert (OutgoingMail.objects.count(), Reminder.objects.count()) == (0, 0)

    assert start_worker().wait(PATIENCE) == 0
    chores.run_all()

    assert OutgoingMail.objects.count() == 1
