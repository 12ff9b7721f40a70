"""The page „Warum kann diese Person nicht …?“ of an application: at an offer, or for a search."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from programs.admin.searching import MOST_TERMS, folded, search_terms
from programs.models import Entry
from programs.requests import UserRequest

from ..matching import suggestions
from ..models import Application
from ..reads.starting import start_lines
from .panel import Panel

FOUND = 10
"""Offers, and requests, in the answer to one search."""


class WhyPanel(Panel):
    template = "admin/volunteers/matching/_why_panel.html"
    permission = "volunteers.change_application"

    def context(self, request: Any, application: Application) -> dict[str, Any]:
        return {"application": application}

    def views(self) -> dict[str, Any]:
        return {"why": self.why_view}

    def why_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """The conditions of one offer, and a search for other offers and for requests."""
        application = self.find(request, object_id)
        offers = Entry.objects.visible_to(request.user).exclude(kind=Entry.Kind.ORGANISATION)
        entry = application.entry
        wanted = request.GET.get("angebot", "")
        if wanted:
            known = wanted.isascii() and wanted.isdecimal() and len(wanted) < 10
            entry = get_object_or_404(offers, pk=int(wanted) if known else 0)
        words = search_terms(request.GET.get("q", "")[:200])[:MOST_TERMS]
        requests = suggestions.open_requests(request.user)
        return self.page(
            request,
            application,
            "admin/volunteers/matching/why_not.html",
            _("Warum kann diese Person nicht …?"),
            entry=entry,
            lines=start_lines(application, entry) if entry else [],
            q=" ".join(words),
            offers=_named(offers.order_by("title", "pk"), "title", words),
            requests=_named(requests, "name", words) if may_match(request) else [],
        )


def may_match(request: UserRequest) -> bool:
    return request.user.has_perm("volunteers.change_companionrequest")


def _named(records: "QuerySet[Any]", field: str, words: list[str]) -> list[Any]:
    """The first records whose name has all ``words``; without words none."""
    for word in words:
        records = records.filter(folded((field,), word))
    return list(records[:FOUND]) if words else []
