"""The catalogue: what people can join now; other entries only where they are asked for."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.cards import cards_of
from portal.catalogue import CatalogueFilter
from portal.catalogue.near import WHOLE_CITY
from portal.search import missed

PAGE_SIZE = 12
"""Fills all rows with one, two or three cards each, and is short enough for a phone."""

READS = CatalogueFilter.parameter_names() | {"seite"}


def catalogue(request: HttpRequest) -> HttpResponse:
    """Every query string gives a normal page; ``seite`` out of range gives the nearest page."""
    found = CatalogueFilter(data=request.GET)
    found.is_valid()
    page = Paginator(found.keys, PAGE_SIZE).get_page(request.GET.get("seite"))
    if found.search and found.search.unknown:
        missed.note(found.search.unknown)
    keys = list(page.object_list)
    near = found.how_near(keys)
    context = {
        "found": found,
        "some_in_minutes": any(one.in_minutes for one in near.values()),
        "some_in_whole_city": any(one.ring == WHOLE_CITY for one in near.values()),
        "page_obj": page,
        "cards": cards_of(
            keys, found.districts, found.missed(keys), {key: one.text for key, one in near.items()}
        ),
    }
    return render(request, "portal/catalogue.html", context)
