"""The page of figures, and the text pages that staff edit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.compared import compare
from portal.figures.counted import newest_of_the_city
from portal.figures.key_figures import figure_series
from portal.models import Page
from portal.sections import sections
from programs.words import WORDS
from volunteers.privacy import register
from volunteers.reads.reach import reach_for_everything

PRIVACY = "datenschutz"
"""Slug of the page that also shows the register of processing activities."""
LONG = 6
"""A page of so many sections begins with a list of them."""


def figures(request: HttpRequest) -> HttpResponse:
    all_series = figure_series()
    compared = compare(all_series)
    shown = [(series, compared.get(series.slug)) for series in all_series]
    counted = newest_of_the_city()
    return render(request, "portal/figures.html", {"all_series": shown, "counted": counted})


def words(request: HttpRequest) -> HttpResponse:
    """Words that a newcomer may not know, explained."""
    return render(request, "portal/words.html", {"words": WORDS})


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A text page, and whom to ask about it.

    The privacy page also shows the register of processing activities (Art. 30 GDPR).
    """
    shown = get_object_or_404(Page.objects.published(), slug=slug)
    parts = [(heading, end) for heading, end, _text in sections(shown.said("body"))]
    context: dict[str, object] = {
        "page": shown,
        "contents": parts if len(parts) >= LONG else [],
        "reach": reach_for_everything(),
    }
    if slug != PRIVACY:
        return render(request, "portal/page.html", context)
    context["register"] = register.by_whose()
    return render(request, "portal/privacy.html", context)
