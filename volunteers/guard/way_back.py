"""„Zurück“ to a public form: it shows the form with what was typed, also after an error.

See ``docs/decisions/2026-11-27-way-back-to-a-form.md``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponseBase]
SHOWS_THE_FORM = {200, 422}


def keeps_way_back(view: View) -> View:
    """For a form that asks for no login: only the browser it was sent to may keep the page.

    Nobody keeps a refusal, a redirect, or a page for somebody with a login.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code in SHOWS_THE_FORM and not request.user.is_authenticated:
            response["Cache-Control"] = "private, no-cache"
        else:
            add_never_cache_headers(response)
        return response

    return answered
