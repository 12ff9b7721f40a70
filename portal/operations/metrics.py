"""``/metrics`` for Prometheus: what each web process counts, and what the database knows.

Nothing is counted, and the address is not there, unless ``METRICS_TOKEN`` is set. The processes of one
gunicorn count into files of a folder (``portal/gunicorn.py``), so any of them answers for all. Labels are
routes, methods, statuses and names of queues: few, and never of a person.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator
from typing import cast

import django
from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, values
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from . import release
from .facts import Facts
from .outage import copes_with_outages, pool, quick_database

ON = bool(settings.METRICS_TOKEN)
PREFIX = "portal_"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of prometheus_client that names the folder of the processes' files."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
POOL_SECONDS = 5.0
"""A process tells the state of its connections at most this often."""

_place = ""


def _process() -> str:
    """Which of the processes that count at the same time this is."""
    return _place or str(os.getpid())


def use_place(place: str) -> None:
    """Count into the files of ``place`` from now on.

    A process takes the place of one that has ended, and counts on where that one stopped. So there are
    only as many files as processes at the same time.
    """
    global _place  # noqa: PLW0603 - of this process
    _place = place


if os.environ.get(FOLDER):
    values.ValueClass = values.MultiProcessValue(_process)

own = CollectorRegistry()
"""What this process counts, when it is the only one."""
_requests = Counter(f"{PREFIX}requests", "Requests", ["route", "method", "status"], registry=own)
_seconds = Histogram(
    f"{PREFIX}request_seconds",
    "Seconds until the answer began",
    ["route", "method"],
    buckets=BUCKETS,
    registry=own,
)
_connections = Gauge(
    f"{PREFIX}database_pool",
    "Connections that web processes keep, and requests that wait for one",
    ["state"],
    registry=own,
    multiprocess_mode="livesum",
)
_asked_pool_at = 0.0


def note_request(route: str, method: str, status: str, seconds: float) -> None:
    """Count one answered request. ``route`` is a pattern, never a path."""
    global _asked_pool_at  # noqa: PLW0603 - of this process
    _requests.labels(route, method, status).inc()
    _seconds.labels(route, method).observe(seconds)
    now = time.monotonic()
    if now - _asked_pool_at > POOL_SECONDS:
        _asked_pool_at = now
        stats = pool().get_stats()
        size, available = stats.get("pool_size", 0), stats.get("pool_available", 0)
        _connections.labels("used").set(size - available)
        _connections.labels("free").set(available)
        _connections.labels("waiting").set(stats.get("requests_waiting", 0))


@copes_with_outages
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """In Prometheus's text format, for whoever sends the token as ``Authorization: Bearer …``; else 404."""
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, expected):
        raise Http404
    registry = own
    if folder := os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry, folder)
    text = generate_latest(registry) + generate_latest(cast(Collector, FromDatabase()))
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class FromDatabase:
    """A ``Collector`` of what is true of the whole installation; every node would answer the same."""

    def collect(self) -> Iterator[Metric]:
        up = _gauge("database_up", "Whether the database answers")
        try:
            with quick_database():
                facts = Facts()
                known = [one for ask in ASKED for one in ask(facts)]
        except Error:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from known


def _gauge(
    name: str, text: str, value: float | None = None, labels: list[str] | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}{name}", text, value=value, labels=labels)


def _of_queues(facts: Facts) -> Iterator[Metric]:
    jobs = _gauge("queue_jobs", "Jobs that are due", labels=["queue"])
    oldest = _gauge("queue_oldest_seconds", "How long the oldest due job waits", labels=["queue"])
    silent = _gauge(
        "queue_silent_seconds",
        "How long nobody has taken the queue's sign of life",
        labels=["queue"],
    )
    for name, queue in facts.queues.items():
        jobs.add_metric([name], queue.jobs)
        oldest.add_metric([name], queue.oldest)
        silent.add_metric([name], queue.sign_of_life)
    yield from (jobs, oldest, silent)


def _of_work(facts: Facts) -> Iterator[Metric]:
    work = facts.work
    yield _gauge("workers", "Workers with a heartbeat", work.workers)
    yield _gauge("failed_tasks", "Kinds of jobs that failed within a day", len(work.failed_tasks))
    for name, at in (("chores", work.chores_at), ("retention", work.retention_at)):
        if at is not None:
            text = "Unix time of the last complete run"
            yield _gauge(f"{name}_last_run_timestamp_seconds", text, at.timestamp())


def _of_mails(facts: Facts) -> Iterator[Metric]:
    mails = facts.mails
    since = mails.oldest_at
    waits = max(time.time() - since.timestamp(), 0) if since else 0
    yield _gauge("mails_waiting", "Mails on their way", mails.waiting)
    yield _gauge("mails_oldest_seconds", "Age of the oldest mail on its way", waits)
    yield _gauge(
        "mails_given_up", "Mails given up whose address was not reached since", mails.given_up
    )


def _of_people(facts: Facts) -> Iterator[Metric]:
    people = facts.people
    yield _gauge("applications_overdue", "New applications past their day", people.overdue)
    yield _gauge("applications_escalated", "Those past it for long", people.escalated)
    yield _gauge(
        "organisations_left_alone", "Organisations nobody answers for any more", people.left_alone
    )


def _of_database(facts: Facts) -> Iterator[Metric]:
    database = facts.database
    yield _gauge("database_bytes", "Size of the database", database.size)
    yield _gauge("database_connections", "Connections to the server", database.connections)
    yield _gauge("database_connections_most", "As many may be open", database.most_connections)
    missing = len(database.missing_migrations)
    yield _gauge("migrations_missing", "Migrations of this release that have not run", missing)


def _of_backup(facts: Facts) -> Iterator[Metric]:
    if (at := facts.backup_at) is not None:
        text = "Unix time of the last complete backup"
        yield _gauge("backup_last_good_timestamp_seconds", text, at.timestamp())


def _of_content(facts: Facts) -> Iterator[Metric]:
    yield _gauge("disk_free_bytes", "Room on the disk of DATA_DIR", facts.free_bytes)
    text = "A number made of the version of the public content: every node has the same"
    version = facts.content_version
    yield _gauge("content_version", text, 0 if version == "none" else int(version[:12], 16))
    labels = {"version": release.version(), "django": django.__version__}
    yield InfoMetricFamily(f"{PREFIX}release", "Version of the portal", value=labels)


ASKED: tuple[Callable[[Facts], Iterator[Metric]], ...] = (
    _of_queues,
    _of_work,
    _of_mails,
    _of_people,
    _of_database,
    _of_backup,
    _of_content,
)
