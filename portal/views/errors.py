"""The pages behind 400, 403, 404, 410 and 500.

Django's own error pages read the submitted form, for the CSRF token. If reading it was the error, they
would fail, too. So these pages do not read it, except through ``programs/unsent.py``, which copes.
"""

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from portal.directory.addresses import moved
from portal.operations import overload
from programs.unsent import unsent


def _page(status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for long, or somebody logged in or out meanwhile: with what was typed."""
    page = loader.render_to_string("403_csrf.html", {"unsent": unsent(request)})
    return HttpResponse(page, status=403, headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, or a redirect if the page has another address now."""
    return moved(request) or _page(404)


def gone() -> HttpResponse:
    """410: it was here, and was removed because somebody wanted it."""
    return HttpResponse(loader.render_to_string("410.html"), status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a bug; 503 for a database problem outside of a view."""
    error = sys.exc_info()[1]
    sorry = overload.answer_to(error, request) if error is not None else None
    return sorry or _page(500)
