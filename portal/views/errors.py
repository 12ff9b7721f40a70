"""The pages behind 400, 403, 404 and 500.

Django's own error pages read the submitted form, for the CSRF token. These pages have no form and must
not read the request body: if reading it was the error, the error page would fail, too.
"""

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from portal.directory.addresses import moved
from portal.operations import overload


def _page(status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, or a redirect if the page has another address now."""
    return moved(request) or _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a bug; 503 for a database problem outside of a view."""
    error = sys.exc_info()[1]
    sorry = overload.answer_to(error) if error is not None else None
    return sorry or _page(500)
