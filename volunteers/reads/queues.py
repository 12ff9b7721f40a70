"""How the job queues are: whether somebody works on each of them, and whether jobs wait for long."""

import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

SIGN_OF_LIFE = "sign_of_life"
"""Name of the job that is put into every queue every minute, to be taken before all others."""
OK = "ok"

WAITING = """
    SELECT queue_name, task_name = %s, extract(epoch FROM now() - min(coalesce(scheduled_at, (
        SELECT min(event.at) FROM procrastinate_events event
        WHERE event.job_id = job.id AND event.type = 'deferred'
    ))))
    FROM procrastinate_jobs job
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    GROUP BY 1, 2
"""


def worker_state() -> str:
    """Whether any worker has written its heartbeat in time. It writes one every 10 seconds."""
    limit = timezone.now() - datetime.timedelta(seconds=settings.WORKER_SEEN_SECONDS)
    seen = ProcrastinateWorker.objects.filter(last_heartbeat__gte=limit).exists()
    return OK if seen else f"not seen for {settings.WORKER_SEEN_SECONDS} seconds"


def states() -> dict[str, str]:
    """Queue → ok, or what is wrong with it; one query.

    A sign of life that waits means that no worker takes this queue, or that all of them hang.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [SIGN_OF_LIFE])
        waits = {(queue, is_sign): seconds for queue, is_sign, seconds in cursor.fetchall()}
    return {queue: _state(waits, queue) for queue in settings.QUEUES}


def _state(waits: dict[tuple[str, bool], float], queue: str) -> str:
    if waits.get((queue, True), 0) > settings.SIGN_OF_LIFE_SECONDS:
        return "no worker"
    if waits.get((queue, False), 0) > settings.QUEUE_LATE_SECONDS:
        return f"jobs wait longer than {settings.QUEUE_LATE_SECONDS} seconds"
    return OK
