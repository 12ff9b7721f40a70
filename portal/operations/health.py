"""Three questions of load balancers and monitoring, each answered within a second.

``/livez``: does this process answer? Restart it if not. ``/readyz``: can this web process serve? Send
it no requests if not. ``/healthz``: is the whole portal well? Wake somebody if not. A worker that died
is a matter for ``/healthz`` only, because no web process serves better or worse for it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from volunteers.models import OutgoingMail
from volunteers.reads import queues

from .outage import OUTAGE, answers

STATEMENT_MS = 400
"""Milliseconds that one query of a health check may take."""
OK = "ok"
NO_DATABASE = "does not answer"


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers. Asks nothing and nobody."""
    return JsonResponse({"status": OK})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and all migrations that this release needs have run, else 503."""
    try:
        with _quick_database():
            applied = MigrationRecorder(connection).applied_migrations()
            migrated = known_migrations() <= applied.keys()
            parts = {"database": OK, "migrations": OK if migrated else "missing"}
    except Error:
        parts = {"database": NO_DATABASE}
    return _answer(parts)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database, a worker for each queue, the queues and the disk are well, else 503.

    The response names the part that fails, without details, and says how many mails were given up,
    which is no reason for 503.
    """
    parts = {"disk": _disk()}
    failed_mails = None
    try:
        with _quick_database():
            parts |= {"database": OK, "worker": queues.worker_state()}
            parts |= {f"queue_{name}": state for name, state in queues.states().items()}
            failed_mails = OutgoingMail.objects.failed().count()
    except Error:
        parts["database"] = NO_DATABASE
    return _answer(parts, failed_mails=failed_mails)


for probe in (livez, readyz, healthz):
    probe.copes_with_outages = True  # type: ignore[attr-defined]  # see OverloadMiddleware


def _answer(parts: dict[str, str], **details: object) -> JsonResponse:
    well = set(parts.values()) == {OK}
    status = OK if well else "error"
    return JsonResponse({"status": status, **parts, **details}, status=200 if well else 503)


@contextmanager
def _quick_database() -> Iterator[None]:
    """A block of quick queries; raises ``Error`` if the database does not answer in time."""
    if OUTAGE.is_on() or not answers():
        OUTAGE.begins()
        raise Error(NO_DATABASE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
        yield


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this release brings along."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _disk() -> str:
    """Whether there is room for uploads and, in the demo, for the database."""
    folder: Path = settings.DATA_DIR
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return OK if free >= settings.DISK_FREE_MB * 1_000_000 else "nearly full"
