"""Figures, and the pages of text that staff edit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.figures import figure_series
from portal.models import Page


def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/figures.html", {"all_series": figure_series()})


def page(request: HttpRequest, slug: str) -> HttpResponse:
    context = {"page": get_object_or_404(Page.objects.published(), slug=slug)}
    return render(request, "portal/page.html", context)
