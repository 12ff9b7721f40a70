"""Public pages: they are the same for everybody, so any HTTP cache may store them.

A page is made once for each version of the content (``programs/versions.py``) and each minute, because
it may say „heute geöffnet“ or „Anmeldung bis 18 Uhr“; ``portal/kept.py`` keeps it. Caches ask before they
show a page again; as long as it is the same, the answer is 304. So a change is on all pages in the moment
in which it is saved.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal import kept
from portal.operations import overload, replica
from portal.operations.outage import OUTAGE, copes_with_outages
from programs import versions

View = Callable[..., HttpResponse]


def public(view: View, *, reads: Collection[str] | None = (), at_once: bool = True) -> View:
    """Make ``view`` a public page: GET and HEAD only, kept by caches, with an ETag.

    ``reads``: the parameters of the query string that the view gets to see; None: all of them. The view
    and its template must not read the session or the user. So the response sets no cookie and does not
    vary on one. It contains no secrets, so compressing it is safe. Without ``at_once`` a decorator around
    it looks at each request, also if the page is kept.
    """

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = kept.key_of(request, reads)
        if reads is not None:
            request.META["QUERY_STRING"] = query = key.partition("?")[2]
            request.GET = QueryDict(query)
        found, minute = kept.look_up(key), kept.this_minute()
        if OUTAGE.is_on():
            return kept.answer(request, found) if found else overload.answer(overload.GONE)

        def made() -> HttpResponse:
            with versions.one_version(versions.handed_on(request)) as version:
                if found and found.is_right(version, minute):
                    return kept.answer(request, found)
                page = view(request, *args, **kwargs)
            patch_cache_control(page, public=True, no_cache=True)
            order = kept.Order(key, reads, at_once=at_once, version=version, minute=minute)
            page.kept_by = order  # type: ignore[attr-defined]  # for the middleware, when all headers are set
            return page

        try:
            return replica.preferred(made)
        except (OperationalError, InterfaceError) as error:
            if found is None:
                raise  # OverloadMiddleware answers
            overload.note(error)
            return kept.answer(request, found)

    return cast(View, copes_with_outages(require_safe(choose)))
