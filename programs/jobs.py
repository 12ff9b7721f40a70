"""Jobs are put into the queue by the caller's own connection: with its transaction or not at all."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager

_IN_THE_TRANSACTION = JobManager(DjangoConnector())


def job(task: str, *, queue: str, **options: Any) -> JobDeferrer:
    """Like ``app.configure_task``, for code that also runs in a worker.

    There the app has a connection of its own. A job that is put into the queue by it is taken before the
    caller has committed, and finds nothing: a mail that a reminder writes would never leave.
    """
    deferrer = app.configure_task(task, queue=queue, **options)
    deferrer.job_manager = _IN_THE_TRANSACTION
    return deferrer
