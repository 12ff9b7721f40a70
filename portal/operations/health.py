"""``/healthz``: the health check for load balancers and monitoring."""

import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from volunteers.models import OutgoingMail


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and a worker was seen within ``WORKER_SEEN_SECONDS``, else 503.

    The response names the part that fails, without details, and says how many mails were given up,
    which is no reason for 503. Opens no session, sets no cookie.
    """
    parts = {"database": "ok", "worker": "ok"}
    details = {}
    try:
        if not _worker_seen():
            parts["worker"] = f"not seen for {settings.WORKER_SEEN_SECONDS} seconds"
        details["failed_mails"] = OutgoingMail.objects.failed().count()
    except (Error, ImproperlyConfigured):
        parts = {"database": "does not answer", "worker": "unknown"}
    well = set(parts.values()) == {"ok"}
    status = "ok" if well else "error"
    return JsonResponse({"status": status, **parts, **details}, status=200 if well else 503)


def _worker_seen() -> bool:
    """Whether a job worker has written its heartbeat within the limit. It writes one every 10 seconds."""
    limit = timezone.now() - datetime.timedelta(seconds=settings.WORKER_SEEN_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=limit).exists()
