"""Pages that are not public go out compressed, too: forms, «Meine Seite», the administration."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """HTML only: files are compressed already or belong to whoever wrote them.

    What could be guessed from the size of a page (BREACH) is protected twice: Django masks the CSRF
    token anew in every response, and its compression adds a random number of bytes.
    """

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page:
            return response  # type: ignore[no-any-return]  # Django's own stubs say HttpResponseBase
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
