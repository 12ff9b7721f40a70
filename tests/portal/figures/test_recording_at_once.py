"""A month of figures is written down once: two workers at the same time, one of them really killed."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.figures import chain
from portal.figures.models import Figure
from tests import factories
from tests.killed import PATIENCE, kill, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORK = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from portal.figures import recording
recording.record_due()
"""
BEFORE_EACH_MONTH = WORK.replace(
    "recording.record_due()",
    "write = recording._write\n"
    "def slowly(*args):\n"
    "    write(*args)\n"
    "    import time; time.sleep(60)\n"
    "recording._write = slowly\n"
    "recording.record_due()",
)
"""A worker that sleeps between writing a month and committing it."""


@pytest.fixture(autouse=True)
def _old_application():
    """Somebody signed up 70 days ago: two months or three are due."""
    long_ago = timezone.now() - timedelta(days=70)
    circle = factories.make_circle()
    factories.make_application(circle, submitted_at=long_ago, confirmed_at=long_ago)


def start(work: str) -> "subprocess.Popen[bytes]":
    name = connection.settings_dict["NAME"]
    return subprocess.Popen([sys.executable, "-c", work, name], cwd=settings.BASE_DIR)


def holds_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'ExclusiveLock' "
            "AND relation = 'portal_figure'::regclass"
        )
        return bool(cursor.fetchone()[0])


def written() -> list[tuple[str, str, object, str, str]]:
    return sorted(Figure.objects.values_list("measure", "period", "stand", "split", "row"), key=str)


def test_a_killed_worker_leaves_no_half_month_and_the_next_one_writes_all():
    killed = start(BEFORE_EACH_MONTH)
    wait_until(holds_the_table)
    kill(killed)
    assert written() == []

    assert start(WORK).wait(PATIENCE) == 0
    once = written()
    assert {measure for measure, *_rest in once} >= {"applications", "active", "tandems"}
    assert start(WORK).wait(PATIENCE) == 0
    assert written() == once
    assert list(chain.check()) == []


def test_two_workers_at_once_write_each_month_once():
    workers = [start(WORK), start(WORK)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    first = written()
    assert start(WORK).wait(PATIENCE) == 0
    assert len(set(written())) == len(written())
    assert set(first) <= set(written())
    assert [one.number for one in Figure.objects.order_by("number")] == [
        number + 1 for number in range(len(written()))
    ]
    assert list(chain.check()) == []


def test_whoever_finds_the_table_taken_leaves_it_to_the_other():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE portal_figure IN EXCLUSIVE MODE")
        assert start(WORK).wait(PATIENCE) == 0
    assert written() == []
    assert start(WORK).wait(PATIENCE) == 0
    assert written() != []
