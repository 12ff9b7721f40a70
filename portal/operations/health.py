"""``/healthz``: may a load balancer send people here, does a monitor have to wake somebody."""

import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and a worker was seen within ``WORKER_SEEN_SECONDS``, else 503.

    The answer names the part that fails and no details of it. Opens no session, sets no cookie.
    """
    parts = {"database": "ok", "worker": "ok"}
    try:
        if not _worker_seen():
            parts["worker"] = f"not seen for {settings.WORKER_SEEN_SECONDS} seconds"
    except (Error, ImproperlyConfigured):
        parts = {"database": "does not answer", "worker": "unknown"}
    well = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if well else "error", **parts}, status=200 if well else 503)


def _worker_seen() -> bool:
    """Whether a job worker has written its heartbeat (it does so every 10 seconds) lately."""
    limit = timezone.now() - datetime.timedelta(seconds=settings.WORKER_SEEN_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=limit).exists()
