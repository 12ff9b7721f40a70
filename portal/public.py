"""Public pages: the same for everybody, so any HTTP cache may keep them."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
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
    wrapped: View = require_safe(kept(gzip_page(conditional_page(view))))
    return wrapped
