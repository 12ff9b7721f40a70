"""``/livez``, ``/readyz`` and ``/healthz``: three questions, and what each answer depends on."""

import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from volunteers.models import OutgoingMail
from volunteers.notifications import waiting
from volunteers.tasks import SIGN_OF_LIFE

pytestmark = pytest.mark.django_db
UNAVAILABLE = pytest.mark.logs_errors("Service Unavailable")
WELL = {"disk": "ok", "database": "ok", "worker": "ok"}
WELL |= {f"queue_{queue}": "ok" for queue in settings.QUEUES}
WELL |= {"retention": "ok", "backup": "ok"}


def worker_seen(*, seconds_ago: float) -> None:
    """A worker whose last heartbeat is that old; Django's models of the table cannot write."""
    heartbeat = timezone.now() - datetime.timedelta(seconds=seconds_ago)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [heartbeat]
        )


def job_waits(queue: str, *, seconds: float, task: str = "anything") -> None:
    """A job that was put into ``queue`` that long ago and that nobody has taken."""
    job = app.configure_task(task, queue=queue, allow_unknown=True).defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s WHERE job_id = %s",
            [datetime.timedelta(seconds=seconds), job],
        )


def job_done(*, seconds_ago: float) -> None:
    """What a worker leaves behind."""
    job = app.configure_task("anything", allow_unknown=True).defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'succeeded', now() - %s)",
            [job, datetime.timedelta(seconds=seconds_ago)],
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job])


def parts(client: Client, address: str = "/healthz") -> dict[str, str]:
    return client.get(address).json()


def test_all_well(client):
    worker_seen(seconds_ago=settings.WORKER_SEEN_SECONDS - 5)
    for queue in settings.QUEUES:
        job_waits(queue, seconds=settings.SIGN_OF_LIFE_SECONDS - 5, task=SIGN_OF_LIFE)
        job_waits(queue, seconds=settings.QUEUE_LATE_SECONDS - 5)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", **WELL, "failed_mails": 0}


def test_failed_mails_are_counted_and_are_no_reason_for_an_alarm(client):
    worker_seen(seconds_ago=1)
    for recipient in ("a@example.org", "b@example.org"):
        OutgoingMail.objects.create(recipients=[recipient], failed_at=timezone.now())
    OutgoingMail.objects.create(recipients=["c@example.org"], sent_at=timezone.now())
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["failed_mails"] == 2


@UNAVAILABLE
@pytest.mark.parametrize("seconds_over", [1, 3600])
def test_workers_that_went_silent_are_missed_but_web_processes_stay_ready(client, seconds_over):
    worker_seen(seconds_ago=settings.WORKER_SEEN_SECONDS + seconds_over)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["status"] == "error"
    assert response.json()["database"] == "ok"
    assert response.json()["worker"] == "not seen for 90 seconds"
    assert client.get("/readyz").status_code == 200


@UNAVAILABLE
def test_no_worker_at_all_is_missed(client):
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("seconds_over", [-5, pytest.param(5, marks=UNAVAILABLE)])
def test_worker_that_is_replaced_is_not_missed_at_once(client, seconds_over):
    """It took its heartbeat with it, but not what it did. A job that only waits was done by nobody."""
    job_done(seconds_ago=settings.WORKER_SEEN_SECONDS + seconds_over)
    job_waits("mail", seconds=1)
    assert (parts(client)["worker"] == "ok") == (seconds_over < 0)


def test_one_living_worker_among_dead_ones_is_enough(client):
    worker_seen(seconds_ago=7200)
    worker_seen(seconds_ago=1)
    assert client.get("/healthz").status_code == 200


@UNAVAILABLE
@pytest.mark.parametrize("queue", settings.QUEUES)
def test_queue_that_no_worker_takes_is_named(client, queue):
    worker_seen(seconds_ago=1)
    job_waits(queue, seconds=settings.SIGN_OF_LIFE_SECONDS + 1, task=SIGN_OF_LIFE)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() | {"status": "ok", "failed_mails": 0} == {
        "status": "ok",
        **WELL,
        f"queue_{queue}": "no worker",
        "failed_mails": 0,
    }
    assert client.get("/readyz").status_code == 200


@UNAVAILABLE
def test_queue_whose_jobs_wait_for_long_is_named(client):
    worker_seen(seconds_ago=1)
    job_waits("mail", seconds=settings.QUEUE_LATE_SECONDS + 1)
    assert parts(client)["queue_mail"] == "jobs wait longer than 900 seconds"


@UNAVAILABLE
def test_mail_that_waits_for_a_mail_server_is_named_between_two_tries(client):
    worker_seen(seconds_ago=1)
    job_waits("mail", seconds=settings.QUEUE_LATE_SECONDS + 1, task=waiting.DELIVER_TASK)
    later = timezone.now() + datetime.timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = %s", [later])
        assert parts(client)["queue_mail"] == "ok"
        cursor.execute("UPDATE procrastinate_jobs SET priority = %s", [waiting.WAITS_FOR_SERVER])
    assert parts(client)["queue_mail"] == "jobs wait longer than 900 seconds"


def test_job_that_is_not_due_yet_does_not_wait(client):
    worker_seen(seconds_ago=1)
    job = {"queue": "mail", "allow_unknown": True, "schedule_in": {"hours": 1}}
    app.configure_task("anything", **job).defer()
    assert ProcrastinateJob.objects.count() == 1
    assert parts(client)["queue_mail"] == "ok"


def test_every_queue_gets_a_sign_of_life():
    periodic = app.periodic_registry.periodic_tasks.values()
    signs = [one for one in periodic if one.task.name == SIGN_OF_LIFE]
    assert {one.periodic_id for one in signs} == set(settings.QUEUES)
    assert all(one.configure_kwargs["queue"] == one.periodic_id for one in signs)


@UNAVAILABLE
def test_disk_that_is_nearly_full_is_named(client, settings):
    worker_seen(seconds_ago=1)
    settings.DISK_FREE_MB = 1e12
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["disk"] == "nearly full"
    assert client.get("/readyz").status_code == 200


@UNAVAILABLE
def test_database_that_does_not_answer_is_named_without_details(client):
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_fault")
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO procrastinate_gone")
        response = client.get("/healthz")
        cursor.execute("ROLLBACK TO SAVEPOINT before_fault")
    assert response.status_code == 503
    assert response.json() == {
        "status": "error",
        "disk": "ok",
        "database": "does not answer",
        "failed_mails": None,
    }


@UNAVAILABLE
def test_process_is_not_ready_before_the_migrations_have_run_and_lives_all_the_same(client):
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "migrations": "ok"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'portal'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing"
    assert client.get("/livez").status_code == 200


def test_migration_of_the_next_release_is_no_reason_to_leave(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('portal', '9999_next', now())"
        )
    assert client.get("/readyz").status_code == 200


def test_living_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["/livez", "/readyz", "/healthz"])
def test_leaves_no_trace_in_browsers_and_caches(client, address):
    worker_seen(seconds_ago=1)
    response = client.get(address)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert client.post(address).status_code == 405
