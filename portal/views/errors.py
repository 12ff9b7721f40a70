"""The pages behind 400, 403, 404 and 500.

Django's own read the form that was sent, to have a token at hand. Ours have no form, and must not read
what could not be read in the first place: then the page about an error would be an error itself.
"""

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from portal.operations import overload


def _page(status: int) -> HttpResponse:
    return HttpResponse(loader.render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; trouble of the database outside of a view says what it is (503)."""
    error = sys.exc_info()[1]
    sorry = overload.sorry_for(error) if error is not None else None
    return overload.answer(sorry) if sorry else _page(500)
