"""The page behind the link of an invitation: how the entry stands, and what the organisation wants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from volunteers.links import organisations as links
from volunteers.links.organisations import Purpose
from volunteers.views.outcomes import Link, Outcome, about

from . import inviting
from .link_views import by_entry_link, entries_page


@by_entry_link
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows the entry; the buttons lead on to confirm and change it, or say no."""
    holder = links.read(Purpose.INVITE, token)
    if request.method == "POST" and request.POST.get("want") == "nein":
        inviting.decline(holder=holder)
        return Outcome(
            title=_("Danke, wir fragen nicht weiter"),
            about=about(holder.organisation),
            text=_("Der Eintrag bleibt, wie er ist. Die Stadt antwortet weiter für Sie."),
            more=_("Möchten Sie es doch? Der Link aus der Mail gilt noch."),
            links=[Link(_("Zurück zur Seite"), request.path, is_strong=False)],
        ).page(request)
    if request.method == "POST":
        inviting.note_opened(holder=holder)
        return redirect("portal:entries_confirm", links.token_from(holder, Purpose.CONFIRM))
    organisation, access_url = holder.organisation, ""
    if organisation.is_published:
        access_url = reverse("volunteers:access_ask", args=[organisation.slug])
    return entries_page(request, "portal/directory/invited.html", holder, access_url=access_url)
