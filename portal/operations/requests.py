"""What the portal's web server does around each request: its number, its log line, its measure.

All of it happens outside of Django's middleware, so that it covers every answer, and so that the number is
never stored with a page that is kept for others.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.translation import get_language

from programs import tracing

from . import metrics

logger = logging.getLogger("portal.requests")

FROM_PROXY = "HTTP_" + tracing.HEADER.upper().replace("-", "_")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
OTHER = "other"
"""Methods that nobody should use, and addresses that lead nowhere: anybody can make up any number of them."""
STATIC = "static"


class Handler(WSGIHandler):
    """Django's handler. It binds the number of the request and answers with it as ``X-Request-ID``."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponseBase:
        began = time.perf_counter()
        trace = tracing.begin(tracing.Trace(_number(environ)))
        answered = ""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal answered
            answered = status[:3]
            headers.append((tracing.HEADER, trace.number))
            return start_response(status, headers, *more)

        body = super().__call__(environ, start)
        _note(environ, trace, answered, time.perf_counter() - began)
        return body

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        match = super().resolve_request(request)
        tracing.note_route(match.route.removeprefix(f"{get_language()}/") or "/")
        return match


def _number(environ: dict[str, Any]) -> str:
    """The proxy's number if there is a proxy and the number is one, else a new one."""
    given = environ.get(FROM_PROXY, "") if settings.BEHIND_PROXY else ""
    return given if given and tracing.is_well_formed(given) else tracing.new_number()


def _note(environ: dict[str, Any], trace: tracing.Trace, status: str, seconds: float) -> None:
    """Measure, and log if asked for. ``seconds`` end when the answer begins; a download goes on after that."""
    if not (metrics.ON or settings.LOG_REQUESTS):
        return
    path: str = environ.get("PATH_INFO", "")
    route = trace.route or (STATIC if path.startswith(("/static/", settings.STATIC_URL)) else OTHER)
    method = environ["REQUEST_METHOD"]
    method = method if method in METHODS else OTHER
    if metrics.ON:
        metrics.note_request(route, method, status, seconds)
    if settings.LOG_REQUESTS:
        ms = round(seconds * 1000)
        fields = {"route": route, "method": method, "status": int(status or 0), "ms": ms}
        logger.info("%s %s %s %d ms", method, route, status, ms, extra={"answer": fields})
