"""``/healthz`` tells a monitor whether the database answers and a job worker is alive."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from volunteers.models import OutgoingMail

pytestmark = pytest.mark.django_db


def worker_seen(*, seconds_ago: float) -> None:
    """A worker whose last heartbeat is that old; Django's models of the table cannot write."""
    heartbeat = timezone.now() - datetime.timedelta(seconds=seconds_ago)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [heartbeat]
        )


def test_all_well_when_a_worker_was_seen_lately(client: Client, settings):
    worker_seen(seconds_ago=settings.WORKER_SEEN_SECONDS - 5)

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "worker": "ok",
        "failed_mails": 0,
    }


def test_failed_mails_are_counted_and_are_no_reason_to_take_the_portal_out(client: Client):
    worker_seen(seconds_ago=1)
    for recipient in ("a@example.org", "b@example.org"):
        OutgoingMail.objects.create(recipients=[recipient], failed_at=timezone.now())
    OutgoingMail.objects.create(recipients=["c@example.org"], sent_at=timezone.now())

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json()["failed_mails"] == 2


@pytest.mark.logs_errors("Service Unavailable")
@pytest.mark.parametrize("seconds_over", [1, 3600])
def test_a_worker_that_went_silent_is_missed(client: Client, settings, seconds_over):
    worker_seen(seconds_ago=settings.WORKER_SEEN_SECONDS + seconds_over)

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["status"] == "error"
    assert response.json()["database"] == "ok"
    assert response.json()["worker"] == "not seen for 60 seconds"


@pytest.mark.logs_errors("Service Unavailable")
def test_no_worker_at_all_is_missed(client: Client):
    assert client.get("/healthz").status_code == 503


def test_one_living_worker_among_dead_ones_is_enough(client: Client):
    worker_seen(seconds_ago=7200)
    worker_seen(seconds_ago=1)

    assert client.get("/healthz").status_code == 200


@pytest.mark.logs_errors("Service Unavailable")
def test_a_database_that_does_not_answer_is_named_without_details(client: Client):
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_fault")
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO procrastinate_gone")

        response = client.get("/healthz")

        cursor.execute("ROLLBACK TO SAVEPOINT before_fault")
    assert response.status_code == 503
    assert response.json() == {
        "status": "error",
        "database": "does not answer",
        "worker": "unknown",
    }


@pytest.mark.logs_errors("Service Unavailable")
def test_leaves_no_trace_in_browsers_and_caches(client: Client, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = client.get("/healthz")

    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert client.post("/healthz").status_code == 405
