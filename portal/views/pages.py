"""The page of figures, and the text pages that staff edit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.figures import figure_series
from portal.models import Page
from volunteers.privacy import register

PRIVACY = "datenschutz"
"""Slug of the page that also shows the register of processing activities."""


def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/figures.html", {"all_series": figure_series()})


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A text page. The privacy page also shows the register of processing activities (Art. 30 GDPR)."""
    context: dict[str, object] = {"page": get_object_or_404(Page.objects.published(), slug=slug)}
    if slug != PRIVACY:
        return render(request, "portal/page.html", context)
    context["register"] = register.by_whose()
    return render(request, "portal/privacy.html", context)
