"""Public pages: the same for everybody, so any HTTP cache may keep them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import set_response_etag
from django.views.decorators.cache import cache_control, cache_page
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponse]
KEEP_SECONDS = 60
"""How long a cache may show a page before it asks again."""


def public(view: View) -> View:
    """Make ``view`` a page for everybody: GET and HEAD only, kept for a minute, with an ETag.

    Such a view and its template read neither the session nor the account, so the answer sets no
    cookie and does not vary by one. It holds no secret either, which makes compressing it safe.
    """
    kept = cache_control(public=True, max_age=KEEP_SECONDS)
    made = kept(gzip_page(_with_etag(view)))
    wrapped: View = require_safe(conditional_page(_remembered(made)))
    return wrapped


def _with_etag(view: View) -> View:
    """Name the content before it is compressed: compressing adds a few random bytes."""

    @wraps(view)
    def named(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = set_response_etag(view(request, *args, **kwargs))
        return cast(HttpResponse, response)

    return named


def _remembered(view: View) -> View:
    """Make the page once a minute and process, as a cache in front of the portal would.

    A filter in the address makes too many pages to keep. Whoever is logged in may just have changed
    something, and sees it at once.
    """
    remembered = cache_page(KEEP_SECONDS, cache="pages")(view)

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        fresh = request.GET or settings.SESSION_COOKIE_NAME in request.COOKIES
        return (view if fresh else remembered)(request, *args, **kwargs)

    return choose
