"""Compresses pages that are not public: forms, „Meine Seite“, the administration."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Compresses only HTML. Files are already compressed, or the view that makes them decides.

    Two measures protect against an attack that guesses secrets from the response size (BREACH):
    Django masks the CSRF token differently in every response, and its compression adds a random
    number of bytes.
    """

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page:
            return response  # type: ignore[no-any-return]  # Django's own stubs say HttpResponseBase
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
