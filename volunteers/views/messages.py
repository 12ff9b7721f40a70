"""Messages of the person, sent from the status page."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..guard.limits import counts
from ..links import applications as application_links
from ..services.messages import write_message
from .applications import by_status_token, status_page
from .by_link import by_link
from .talking import write_from


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts("message")
def write(request: HttpRequest, token: str) -> HttpResponse:
    application = by_status_token(token)
    return write_from(
        request,
        token,
        store=lambda text: write_message(application=application, text=text),
        page=partial(status_page, request, application, token),
        back=f"{application_links.status_path(application)}#verlauf",
    )
