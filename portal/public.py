"""Public pages: they are the same for everybody, so any HTTP cache may store them."""

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
"""How long a cache may serve a page before it revalidates it."""


def public(view: View) -> View:
    """Make ``view`` a public page: GET and HEAD only, cacheable for a minute, with an ETag.

    The view and its template must not read the session or the user. So the response sets no cookie
    and does not vary on one. It contains no secrets, so compressing it is safe.
    """
    cacheable = cache_control(public=True, max_age=KEEP_SECONDS)
    made = cacheable(gzip_page(_with_etag(view)))
    wrapped: View = require_safe(conditional_page(_cached(made)))
    return wrapped


def _with_etag(view: View) -> View:
    """Set the ETag before the response is compressed, because gzip adds a few random bytes."""

    @wraps(view)
    def tagged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = set_response_etag(view(request, *args, **kwargs))
        return cast(HttpResponse, response)

    return tagged


def _cached(view: View) -> View:
    """Render the page once a minute in each process, like a cache in front of the portal.

    A request with a query string is not cached: there are too many variants. Nor is a request with a
    session: a logged-in user may just have changed something and should see it at once.
    """
    cached = cache_page(KEEP_SECONDS, cache="pages")(view)

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        fresh = request.GET or settings.SESSION_COOKIE_NAME in request.COOKIES
        return (view if fresh else cached)(request, *args, **kwargs)

    return choose
