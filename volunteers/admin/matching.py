"""Suggestions in the administration: for one request, for one application, for all together.

They are suggestions: nothing happens before a person presses the button of one pair.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as __

from ..errors import DomainError
from ..matching import suggestions
from ..models import Application, CompanionRequest
from ..models.companions import RequestStatus
from ..services import tandems

SHOWN_TOGETHER = 100
"""Pairs of the overall proposal on one page; after some proposals it is made anew anyway."""


class MatchingViews:
    """Views of suggestions; mixed into the admin of requests."""

    def matching_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        name = self.name_of  # type: ignore[attr-defined]
        return [
            path("gesamtvorschlag/", wrap(self.overall_view), name=name("overall")),
            path("<int:object_id>/passende/", wrap(self.fitting_view), name=name("fitting")),
            path(
                "<int:object_id>/vorschlagen/<int:application_id>/",
                wrap(self.propose_view),
                name=name("propose"),
            ),
        ]

    def fitting_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ready volunteers for one request, best first, and why others do not fit."""
        found: CompanionRequest = self.changeable(request, object_id)  # type: ignore[attr-defined]
        may_propose = (
            found.status == RequestStatus.OPEN and not found.tandems.alive().exists()  # type: ignore[attr-defined]
        )
        context = {
            "title": __("Wer passt?"),
            "companion_request": found,
            "may_propose": may_propose,
            "suggestions": suggestions.for_request(found, request.user),  # type: ignore[arg-type]
        }
        return self._page(request, "admin/volunteers/matching/fitting.html", context)

    def overall_view(self, request: HttpRequest) -> HttpResponse:
        """For all open requests in sight the pairs that fit best together."""
        if not self.has_change_permission(request):  # type: ignore[attr-defined]
            raise Http404
        pairs = suggestions.overall(request.user)  # type: ignore[arg-type]
        context = {
            "title": __("Vorschlag für alle offenen Suchen"),
            "pairs": pairs[:SHOWN_TOGETHER],
            "count": len(pairs),
            "open_count": suggestions.open_requests(request.user).count(),  # type: ignore[arg-type]
        }
        return self._page(request, "admin/volunteers/matching/overall.html", context)

    def propose_view(
        self, request: HttpRequest, object_id: int, application_id: int
    ) -> HttpResponse:
        """A person decides: mails both sides; POST only."""
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        found: CompanionRequest = self.changeable(request, object_id)  # type: ignore[attr-defined]
        in_sight = Application.objects.visible_to(request.user)  # type: ignore[arg-type]
        application = get_object_or_404(in_sight, pk=application_id)
        back = reverse("admin:volunteers_companionrequest_change", args=[found.pk])
        try:
            tandem = tandems.propose(request=found, application=application, by=request.user)  # type: ignore[arg-type]
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        text = __("Vorgeschlagen: %(pair)s. Beide bekommen eine Mail und antworten selbst.")
        if not found.email:
            text = __(
                "Vorgeschlagen: %(pair)s. Die begleitete Person hat keine E-Mail-Adresse: Bitte "
                "fragen Sie sie und tragen Sie die Antwort am Tandem ein."
            )
        messages.success(request, text % {"pair": tandem})
        return HttpResponseRedirect(reverse("admin:volunteers_tandem_change", args=[tandem.pk]))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        site = self.admin_site.each_context(request)  # type: ignore[attr-defined]
        context = {**site, "opts": CompanionRequest._meta, **context}
        return TemplateResponse(request, template, context)
