"""Stopping mails: by the link in their last lines, or by the button of the mail program (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..guard import stops
from ..links import signing, stopping
from .by_link import by_link, by_one_click, only_posts
from .outcomes import Link, Outcome, other_ways_in


@csrf_exempt  # the mail program's server posts without a cookie; the signed link is the proof
@by_one_click
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks, for programs open links by themselves; a POST stops, however often it comes."""
    kind, address = stopping.read(token)
    if request.method == "POST":
        stops.stop(kind, address)
    if stops.is_stopped(kind, address):
        return Outcome(
            title=_("Abbestellt"),
            text=_("Diese Mails bekommen Sie nicht mehr: %(kind)s.") % {"kind": kind.label},
            more=_("Alle anderen Mails zu dem, was Sie im Portal angefangen haben, kommen weiter."),
            button=Link(_("Doch wieder bekommen"), signing.path_of("resume_mails", token)),
        ).page(request)
    return Outcome(
        title=_("Möchten Sie diese Mails nicht mehr bekommen?"),
        text=_("Es geht um: %(kind)s.") % {"kind": kind.label},
        more=_("Alle anderen Mails zu dem, was Sie im Portal angefangen haben, kommen weiter."),
        button=Link(_("Nicht mehr bekommen"), signing.path_of("stop_mails", token)),
    ).page(request)


@by_link
@never_cache
@only_posts("stop_mails")
def resume(request: HttpRequest, token: str) -> HttpResponse:
    kind, address = stopping.read(token)
    stops.resume(kind, address)
    return Outcome(
        title=_("Sie bekommen diese Mails wieder"),
        text=_("Es geht um: %(kind)s.") % {"kind": kind.label},
        links=[other_ways_in()],
    ).page(request)
