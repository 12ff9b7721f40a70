"""Three questions of load balancers and monitoring, each answered within a second.

``/livez``: does this process answer? Restart it if not. ``/readyz``: can this web process serve? Send
it no requests if not. ``/healthz``: is the whole portal well? Wake somebody if not. A worker that died
is a matter for ``/healthz`` only, because no web process serves better or worse for it.
"""

from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import checks, release
from .facts import Facts
from .outage import NO_DATABASE, copes_with_outages, quick_database

OK = "ok"


@copes_with_outages
@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers. Asks nothing and nobody."""
    return JsonResponse({"status": OK})


@copes_with_outages
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and all migrations that this release needs have run, else 503."""
    try:
        with quick_database():
            applied = MigrationRecorder(connection).applied_migrations()
            migrated = release.migrations() <= applied.keys()
            parts = {"database": OK, "migrations": OK if migrated else "missing"}
    except Error:
        parts = {"database": NO_DATABASE}
    return _answer(parts)


@copes_with_outages
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database and the checks that wake somebody (``checks.py``) are well, else 503.

    These are: disk, a worker for each queue, no job that waits for long, retention and, if there are any,
    backups. The response names the part that fails, without details, and says how many mails were given up,
    which is no reason for 503.
    """
    facts = Facts()
    failed_mails = None
    try:
        with quick_database():
            parts = {**checks.health(facts), "database": OK}
            failed_mails = facts.mails.failed
    except Error:
        parts = {"disk": checks.disk(facts).short, "database": NO_DATABASE}
    return _answer(parts, failed_mails=failed_mails)


def _answer(parts: dict[str, str], **details: object) -> JsonResponse:
    well = set(parts.values()) == {OK}
    status = OK if well else "error"
    return JsonResponse({"status": status, **parts, **details}, status=200 if well else 503)
