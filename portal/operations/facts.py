"""What is known about how the portal runs, asked of the database in few queries.

``/healthz``, ``/metrics``, the system page and ``manage.py system`` read the same facts; each group is asked
when it is first needed, and once.
"""

import datetime
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.utils import timezone

from programs import versions
from programs.counting import counts_of
from programs.models import Organisation
from volunteers.models import Application, OutgoingMail
from volunteers.notifications.waiting import DELIVER_TASK, WAITS_FOR_SERVER
from volunteers.privacy.retention import ALL
from volunteers.tasks import SIGN_OF_LIFE

from . import backups, release

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
OLDEST_POSTGRESQL = 15

DATABASE = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
        pg_database_size(current_database()), current_setting('max_connections')::int,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
        ARRAY(SELECT extname::text FROM pg_extension),
        ARRAY(SELECT app || '.' || name FROM django_migrations)
"""
QUEUES = f"""
    SELECT queue_name, count(*) FILTER (WHERE task_name <> %(sign)s),
        extract(epoch FROM now() - min(since) FILTER (WHERE task_name <> %(sign)s)),
        extract(epoch FROM now() - min(since) FILTER (WHERE task_name = %(sign)s))
    FROM (
        SELECT queue_name, task_name, coalesce(CASE WHEN NOT for_server THEN scheduled_at END, (
            SELECT min(event.at) FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.type = 'deferred'
        )) AS since
        FROM (
            SELECT *, task_name = '{DELIVER_TASK}' AND priority = {WAITS_FOR_SERVER} AS for_server
            FROM procrastinate_jobs WHERE status = 'todo'
        ) AS job
        WHERE for_server OR scheduled_at IS NULL OR scheduled_at <= now()
    ) AS due
    GROUP BY 1
"""  # noqa: S608 - two constants
"""Due jobs of each queue, seconds that the oldest has waited, and the same of the sign of life.

A mail that waits for a mail server which takes none has waited since it was written, also between two tries.
"""
WORK = """
    SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat >= %(seen)s),
        coalesce((SELECT at >= %(seen)s FROM procrastinate_events WHERE type IN ('started', 'succeeded')
            ORDER BY id DESC LIMIT 1), false),
        (SELECT max(at) FROM procrastinate_events WHERE type = 'succeeded' AND job_id = (
            SELECT max(id) FROM procrastinate_jobs WHERE task_name = 'chores' AND status = 'succeeded'
        )),
        (SELECT max(at) FROM volunteers_retentionrun WHERE rule = %(all)s),
        ARRAY(SELECT DISTINCT job.task_name FROM procrastinate_jobs job
            JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'failed'
            WHERE job.status = 'failed' AND event.at >= %(day)s ORDER BY 1)
"""
"""Living workers, whether one has worked lately, when chores and retention last ran, and tasks that failed for
good within a day.
"""


@dataclass(frozen=True)
class Database:
    """``size`` is in bytes; ``connections`` are those of all databases of the server."""

    major: int
    version: str
    size: int
    most_connections: int
    connections: int
    extensions: frozenset[str]
    migrations: frozenset[str]

    @property
    def missing_migrations(self) -> list[str]:
        return sorted({".".join(one) for one in release.migrations()} - self.migrations)

    @property
    def missing_extensions(self) -> list[str]:
        return sorted(set(EXTENSIONS) - self.extensions)


@dataclass(frozen=True)
class Queue:
    """Times are in seconds; 0 if nothing waits."""

    jobs: int = 0
    oldest: float = 0.0
    sign_of_life: float = 0.0


@dataclass(frozen=True)
class Work:
    """``retention_at`` is when all rules last ran.

    A worker that ends in good order takes its heartbeat with it; ``worked_lately`` tells that there was one.
    """

    workers: int
    worked_lately: bool
    chores_at: datetime.datetime | None
    retention_at: datetime.datetime | None
    failed_tasks: list[str]


@dataclass(frozen=True)
class Mails:
    """``given_up`` are those whose address no later mail has reached; ``failed`` are all that are kept."""

    waiting: int
    oldest_at: datetime.datetime | None
    failed: int
    given_up: int


@dataclass(frozen=True)
class People:
    """Counts of what waits for somebody; no names."""

    overdue: int
    escalated: int
    left_alone: int


class Facts:
    """Raises Django's ``Error`` when the database does not answer."""

    @cached_property
    def database(self) -> Database:
        with connection.cursor() as cursor:
            cursor.execute(DATABASE)
            major, version, size, most, connections, extensions, migrations = cursor.fetchone()
        names = frozenset(extensions), frozenset(migrations)
        return Database(major, version.split()[0], size, most, connections, *names)

    @cached_property
    def queues(self) -> dict[str, Queue]:
        with connection.cursor() as cursor:
            cursor.execute(QUEUES, {"sign": SIGN_OF_LIFE})
            found = {
                name: Queue(jobs, float(oldest or 0), float(sign or 0))
                for name, jobs, oldest, sign in cursor.fetchall()
            }
        return {name: found.get(name, Queue()) for name in settings.QUEUES}

    @cached_property
    def work(self) -> Work:
        now = timezone.now()
        limits: dict[str, Any] = {
            "seen": now - datetime.timedelta(seconds=settings.WORKER_SEEN_SECONDS),
            "day": now - datetime.timedelta(days=1),
            "all": ALL,
        }
        with connection.cursor() as cursor:
            cursor.execute(WORK, limits)
            return Work(*cursor.fetchone())

    @cached_property
    def mails(self) -> Mails:
        waiting = Q(sent_at__isnull=True, failed_at__isnull=True)
        failed = Q(failed_at__isnull=False)
        found = OutgoingMail.objects.filter(waiting | failed).aggregate(
            waiting=Count("pk", filter=waiting),
            oldest_at=Min("created_at", filter=waiting),
            failed=Count("pk", filter=failed),
            given_up=Count("pk", filter=failed & Q(reached_at__isnull=True)),
        )
        return Mails(**found)

    @cached_property
    def people(self) -> People:
        applications = Application.objects
        found = [
            applications.overdue(),
            applications.escalated(),
            Organisation.objects.left_alone(),
        ]
        return People(*counts_of(found))

    @cached_property
    def backup_at(self) -> datetime.datetime | None:
        """When the newest backup was begun that was written completely; None without any."""
        newest = backups.last_good()
        return newest.made_at if newest else None

    @cached_property
    def content_version(self) -> str:
        """„none“ as long as nothing has changed."""
        return versions.current() or "none"

    @cached_property
    def free_bytes(self) -> int:
        """Room for uploads and, in the demo, for the database."""
        folder: Path = settings.DATA_DIR
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free
