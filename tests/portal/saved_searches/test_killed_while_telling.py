"""Real worker processes are killed in the middle, and each search is told once all the same."""

import pytest
from django.db import connection, transaction

from portal.models import SavedSearch
from portal.saved_searches import sending
from tests import factories
from tests.killed import kill, start_worker, wait_until, waits_for_the_outbox
from volunteers.models import OutgoingMail

from .fresh import make_fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TELL = "from portal.saved_searches import sending; sending.send_due()"
SEARCHES = 60


@pytest.fixture
def searches():
    make_fresh()
    return [factories.make_saved_search(f"leser{number}@example.org") for number in range(SEARCHES)]


def recipients():
    return sorted(OutgoingMail.objects.values_list("recipients__0", flat=True))


def told():
    return SavedSearch.objects.filter(last_sent_at__isnull=False).count()


def test_killed_before_its_mail_is_stored_the_next_worker_tells_it(queued_mail, searches):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE volunteers_outgoingmail IN SHARE MODE")
        worker = start_worker(TELL)
        wait_until(waits_for_the_outbox)
        kill(worker)
    assert (OutgoingMail.objects.count(), told()) == (0, 0)
    assert sending.send_due() == SEARCHES
    assert recipients() == sorted(one.email for one in searches)


def test_killed_again_and_again_each_is_told_once(queued_mail, searches):
    for wanted in (5, 20, 40):
        worker = start_worker(TELL)
        wait_until(lambda enough=wanted: OutgoingMail.objects.count() >= enough)
        if worker.poll() is None:
            kill(worker)
    assert OutgoingMail.objects.count() == told() < SEARCHES
    sending.send_due()
    assert recipients() == sorted(one.email for one in searches)
    assert sending.send_due() == 0
