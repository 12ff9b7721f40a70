"""Suggestions in the admin: for one request, for one application, for all together.

Nothing happens until a user presses the button of one pair.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.requests import UserRequest

from ..errors import DomainError
from ..matching import suggestions, why
from ..models import Application, CompanionRequest
from ..services import tandems

SHOWN_TOGETHER = 100
"""Pairs of the overall suggestion on one page; it is computed again after some proposals anyway."""


def name_of(view: str) -> str:
    """The URL name of one of the views of requests."""
    return f"volunteers_companionrequest_{view}"


def application_in_sight(request: UserRequest, pk: int) -> Application:
    """An application that the user may see and change; 404 otherwise."""
    limited = request.user.limited_to("volunteers.change_application")
    return get_object_or_404(Application.objects.visible_to(limited), pk=pk)


class MatchingViews(ScopedAdminMixin[CompanionRequest]):
    """Views of suggestions; mixin for the admin of requests."""

    def matching_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("gesamtvorschlag/", wrap(self.overall_view), name=name_of("overall")),
            path("<int:object_id>/passende/", wrap(self.fitting_view), name=name_of("fitting")),
            path(
                "<int:object_id>/warum/<int:application_id>/",
                wrap(self.why_view),
                name=name_of("why"),
            ),
            path(
                "<int:object_id>/vorschlagen/<int:application_id>/",
                wrap(require_POST(self.propose_view)),
                name=name_of("propose"),
            ),
        ]

    def changeable(self, request: UserRequest, object_id: int) -> CompanionRequest:
        """The request, if the user may see and change it; 404 or 403 otherwise."""
        found = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        return found

    def fitting_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Ready volunteers for one request, best first, and why others do not fit."""
        found = self.changeable(request, object_id)
        return self.page(
            request,
            "admin/volunteers/matching/fitting.html",
            __("Wer passt?"),
            companion_request=found,
            may_propose=found.has_room(),
            suggestions=suggestions.for_request(found, request.user),
        )

    def why_view(self, request: UserRequest, object_id: int, application_id: int) -> HttpResponse:
        """Every condition for one pair, met or missing, and where to enter what is missing."""
        found = self.changeable(request, object_id)
        application = application_in_sight(request, application_id)
        lines, verdict = why.explain(found, application)
        return self.page(
            request,
            "admin/volunteers/matching/why.html",
            __("Warum passt das nicht?"),
            companion_request=found,
            application=application,
            lines=lines,
            verdict=verdict,
        )

    def overall_view(self, request: UserRequest) -> HttpResponse:
        """For all open requests that the user may see, the pairs that fit best together."""
        if not self.has_change_permission(request):
            raise Http404
        limited = request.user.limited_to(self.permission_to("change"))
        pairs = suggestions.overall(limited)
        return self.page(
            request,
            "admin/volunteers/matching/overall.html",
            __("Vorschlag für alle offenen Suchen"),
            pairs=pairs[:SHOWN_TOGETHER],
            count=len(pairs),
            open_count=suggestions.open_requests(limited).count(),
            most_requests=suggestions.MOST_REQUESTS,
        )

    def propose_view(
        self, request: UserRequest, object_id: int, application_id: int
    ) -> HttpResponse:
        """Make the proposal; mails both sides."""
        found = self.changeable(request, object_id)
        application = application_in_sight(request, application_id)
        back = admin_path(found)
        try:
            tandem = tandems.propose(request=found, application=application, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        text = __("Vorgeschlagen: %(pair)s. Beide bekommen eine Mail und antworten selbst.")
        unreached = [one.name for one in (found, application) if not one.email]
        if unreached:
            text = __(
                "Vorgeschlagen: %(pair)s. Ohne E-Mail-Adresse: %(names)s. Bitte fragen Sie dort selbst "
                "und tragen Sie die Antwort am Tandem ein."
            )
        messages.success(request, text % {"pair": tandem, "names": ", ".join(unreached)})
        return HttpResponseRedirect(admin_path(tandem))
