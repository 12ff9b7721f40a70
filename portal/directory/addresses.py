"""The addresses of organisations that were merged into others lead to those."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from programs.addresses import admin_path
from programs.models import FormerOrganisation, Organisation

ENTRY_PAGES = ("programs:circle", "programs:initiative", "programs:organisation")
SIGN_UP, ASK, CARD = "volunteers:sign_up_entry", "volunteers:ask", "portal:vcard"
ACCESS = "volunteers:access_ask"
ADMIN = "admin:programs_organisation_"


def moved(request: HttpRequest) -> HttpResponse | None:
    """A redirect, if what was not found is the page of an organisation that was merged."""
    match = request.resolver_match
    if match is None or request.method not in ("GET", "HEAD"):
        return None
    if match.view_name in (*ENTRY_PAGES, SIGN_UP, ASK, CARD, ACCESS):
        kept = _kept(slug=match.kwargs["slug"])
        return _to(_public_address(kept, match.view_name)) if kept and kept.is_published else None
    number = str(match.kwargs.get("object_id", ""))
    if match.view_name.startswith(ADMIN) and number.isdecimal() and request.user.is_staff:
        kept = _kept(number=int(number))
        return _to(admin_path(kept)) if kept else None
    return None


def _kept(**which: object) -> Organisation | None:
    found = FormerOrganisation.objects.filter(**which).select_related("kept").first()
    return found.kept if found else None


def _public_address(kept: Organisation, view_name: str) -> str:
    if view_name in (ASK, CARD, ACCESS) or (view_name == SIGN_UP and kept.is_open):
        return reverse(view_name, args=[kept.slug])
    return kept.get_absolute_url()


def _to(address: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(address)
