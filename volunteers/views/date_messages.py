"""Messages about a single date: from who asks, and from who comes."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..guard.limits import counts
from ..links import dates as links
from ..services import date_messages as services
from . import date_offers, dates
from .by_link import by_link
from .talking import write_from

PLACE = "#nachrichten"


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts("message")
def of_asker(request: HttpRequest, token: str) -> HttpResponse:
    date = dates.by_token(token)
    return write_from(
        request,
        token,
        store=lambda text: services.write(date=date, text=text),
        page=partial(dates.date_page, request, token),
        back=links.path(date) + PLACE,
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts("message")
def of_companion(request: HttpRequest, token: str) -> HttpResponse:
    offer = date_offers.by_token(token)
    return write_from(
        request,
        token,
        store=lambda text: services.write(date=offer.date, text=text, by=offer),
        page=partial(date_offers.offer_page, request, token),
        back=links.offer_path(offer) + PLACE,
    )
