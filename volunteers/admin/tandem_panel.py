"""The panel „Tandem“ of an application: its tandems, and the requests that fit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from programs.requests import UserRequest, user_of

from ..matching import suggestions
from ..models import Application, CompanionRequest, Tandem
from .panel import Panel, there_is

FEW = 3
"""Requests in the panel; the page behind it shows more."""


class TandemPanel(Panel):
    template = "admin/volunteers/tandems/_panel.html"
    permission = "volunteers.view_tandem"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        user = user_of(request)
        tandems = Tandem.objects.none()
        if there_is(application, "has_tandems"):
            tandems = application.tandems.visible_to(user)
        fits = suggestions.is_candidate(application, user)
        found = suggestions.for_application(application, user) if fits else None
        return {
            "application": application,
            "tandems": list(
                tandems.select_related("request", "application").order_by("-proposed_at")
            ),
            "fitting": found.fitting[:FEW] if found else [],
            "count": found.count if found else 0,
            "is_candidate": fits,
            "rests": application.volunteer,
        }

    def views(self) -> dict[str, Any]:
        return {"requests": self.requests_view}

    def requests_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Open requests that the user may see, for one application, best first."""
        application = self.find(request, object_id)
        return self.admin.page(
            request,
            "admin/volunteers/matching/requests.html",
            _("Welche Suchen passen?"),
            opts=CompanionRequest._meta,
            application=application,
            may_propose=suggestions.is_candidate(application, request.user),
            suggestions=suggestions.for_application(application, request.user),
        )
