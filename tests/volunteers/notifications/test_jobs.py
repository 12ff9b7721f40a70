"""The job queue itself: jobs of a killed worker, and how long jobs are kept."""

import psycopg
import pytest
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import connector_params

from volunteers import chores, tasks
from volunteers.models import OutgoingMail
from volunteers.notifications import outbox
from volunteers.notifications.sending import send

TOO_LONG = outbox.LEFT_BEHIND * 1.1


def query(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def kill_worker_at_work():
    """Every job in the queue belongs to a worker that died an hour ago."""
    gone = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
    ((worker,),) = query(f"{gone} RETURNING id")
    query("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", worker)


@pytest.mark.django_db(transaction=True)
def test_jobs_of_a_killed_worker_are_taken_up_again(queued_mail, run_jobs, monkeypatch):
    ran = []
    monkeypatch.setattr(chores, "CHORES", (lambda: ran.append("chores"),))
    send("amira@example.org", "Ihr Platz", "applications/withdrawn", wish="Sprachcafé")
    tasks.run_chores.defer(timestamp=1)
    kill_worker_at_work()
    tasks.run_chores.defer(timestamp=2)
    tasks.free_abandoned.defer(timestamp=3)
    run_jobs()
    assert OutgoingMail.objects.get().sent_at is not None
    assert ran, "the next round no longer waits for the one that died"
    assert query("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == [(0,)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_finished_jobs_are_deleted_after_a_week_and_waiting_mail_never(queued_mail, run_jobs):
    tasks.run_chores.defer(timestamp=1)
    run_jobs()
    query("UPDATE procrastinate_events SET at = at - interval '8 days'")
    old = {pk for (pk,) in query("SELECT id FROM procrastinate_jobs")}
    send("amira@example.org", "Ihr Platz", "applications/withdrawn", wish="Sprachcafé")
    later = "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '9 days'"
    query(f"{later} WHERE status = 'todo'")
    tasks.delete_old_jobs.defer(timestamp=2)
    run_jobs()
    left = dict(query("SELECT id, task_name FROM procrastinate_jobs"))
    assert old
    assert not old & left.keys()
    assert "deliver_mail" in left.values()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_job_is_taken_only_once_it_is_written(run_jobs, queued_mail, monkeypatch):
    """A worker has a connection of its own for its queue; with that one the job would run ahead of the mail."""
    seen_by_others: list[int] = []

    def remind() -> None:
        with transaction.atomic():
            send_mail("Wiedervorlage", "Text", None, ["katrin@example.org"])
            with psycopg.connect(**connector_params()) as other:
                count = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_mail'"
                seen_by_others.append(other.execute(count).fetchone()[0])

    monkeypatch.setattr(chores, "CHORES", (remind,))
    tasks.run_chores.defer(timestamp=1)
    run_jobs()
    assert seen_by_others == [0]
    run_jobs()
    assert OutgoingMail.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_mail_without_a_job_is_queued_again_and_leaves_once(queued_mail, run_jobs, smtp_server):
    for name in ("eins", "zwei", "drei"):
        send_mail(name, "Text", None, [f"{name}@example.org"])
    mails = {mail.subject: mail for mail in OutgoingMail.objects.all()}
    OutgoingMail.objects.exclude(subject="drei").update(created_at=timezone.now() - TOO_LONG)
    query(
        "DELETE FROM procrastinate_jobs WHERE (args->>'mail_id')::bigint IN (%s, %s)",
        mails["eins"].pk,
        mails["drei"].pk,
    )

    for _twice in range(2):
        outbox.queue_left_behind()
    queued = query("SELECT (args->>'mail_id')::bigint FROM procrastinate_jobs ORDER BY 1")
    assert queued == [(mails["eins"].pk,), (mails["zwei"].pk,)], "„drei“ may be on its way yet"

    run_jobs()
    assert sorted(mail["Subject"] for mail in smtp_server.messages) == ["eins", "zwei"]
