"""What a worker sees to beside its jobs."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from portal.operations.tending import KnownTasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_job_of_a_newer_release_goes_back_into_its_queue(run_jobs, monkeypatch):
    with app.replace_connector(app.connector) as its_app:  # the app itself, as the worker has it
        monkeypatch.setattr(its_app, "tasks", KnownTasks(its_app.tasks))
    app.configure_task("made_next_year", queue="mail", allow_unknown=True).defer(number=17)
    run_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, queue_name, args ->> 'number', scheduled_at > now()"
            " FROM procrastinate_jobs"
        )
        assert cursor.fetchall() == [("todo", "mail", "17", True)]
