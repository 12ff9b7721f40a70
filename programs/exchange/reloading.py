"""Pages that load themselves again while a worker is busy: without JavaScript, unless the person stops that."""

from django.http import HttpRequest, HttpResponse

STOP = "anhalten"
"""In the address; the link to it is in ``_reloading.html``, which every such page includes."""


def reloading(request: HttpRequest, response: HttpResponse, *, seconds: int) -> HttpResponse:
    """``response``, asked for again after so many ``seconds``."""
    if STOP not in request.GET:
        response["Refresh"] = str(seconds)
    return response
