"""Public pages: they are the same for everybody, so any HTTP cache may store them.

A page is made once for each version of the content (``programs/versions.py``) and each minute, because
it may say „heute geöffnet“ or „Anmeldung bis 18 Uhr“. Caches ask before they show a page again; as long
as it is the same, the answer is 304. So a change is on all pages in the moment in which it is saved.
"""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, cast

from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import set_response_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from portal.operations import overload, replica
from portal.operations.outage import OUTAGE
from programs import versions

View = Callable[..., HttpResponse]
TAKES_GZIP = re.compile(r"\bgzip\b")


class Kept(NamedTuple):
    """A page with the version and the minute for which it was made."""

    version: str
    minute: int
    page: HttpResponse


def public(view: View) -> View:
    """Make ``view`` a public page: GET and HEAD only, kept by caches, with an ETag.

    The view and its template must not read the session or the user. So the response sets no cookie
    and does not vary on one. It contains no secrets, so compressing it is safe.
    """
    to_be_asked_for = cache_control(public=True, no_cache=True)
    made = to_be_asked_for(gzip_page(_with_etag(view)))
    wrapped: Any = require_safe(conditional_page(_kept(made)))
    wrapped.copes_with_outages = True
    return cast(View, wrapped)


def _with_etag(view: View) -> View:
    """Set the ETag before the response is compressed, because gzip adds a few random bytes."""

    @wraps(view)
    def tagged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = set_response_etag(view(request, *args, **kwargs))
        return cast(HttpResponse, response)

    return tagged


def _kept(view: View) -> View:
    """Make a page once for each version and minute in each process.

    While PostgreSQL is away, the page of the last known version is better than none. A page with a
    query string is not kept: there are too many.
    """

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gzip = bool(TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
        key = f"{request.path}:{gzip}"
        kept: Kept | None = None if request.GET else caches["pages"].get(key)
        if OUTAGE.is_on():
            return kept.page if kept else overload.answer(overload.GONE)

        def made() -> HttpResponse:
            with versions.one_version() as version:
                minute = int(time.time() // 60)
                if kept and (kept.version, kept.minute) == (version, minute):
                    return kept.page
                page = view(request, *args, **kwargs)
            if version and page.status_code == 200 and not request.GET:
                caches["pages"].set(key, Kept(version, minute, page), timeout=None)
            return page

        try:
            return replica.preferred(made)
        except (OperationalError, InterfaceError) as error:
            if kept is None:
                raise  # OverloadMiddleware answers
            overload.note(error)
            return kept.page

    return choose
