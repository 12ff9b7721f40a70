"""The map of the city, and a page for each district."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.cards import cards, with_event_facts
from portal.catalogue import recommended, token_counts
from portal.map import map_cells
from programs import vocabulary
from programs.models import District, Entry, Event

WHOLE_CITY_SHOWN = 6


def map_context(counts: Mapping[str, int]) -> dict[str, Any]:
    """Context of the schematic map with the number of entries in each district; one query."""
    districts = list(District.objects.all())
    by_number = {one.number: counts.get(f"district:{one.number}", 0) for one in districts}
    return {
        "cells": map_cells(districts, by_number),
        "whole_city_count": counts.get("district:all", 0),
    }


def district_map(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/map.html", map_context(token_counts(Entry.objects.joinable())))


def district(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(District, slug=slug)
    names = vocabulary.district_labels()
    joinable = recommended(Entry.objects.joinable())
    here = cards(joinable.filter(facets__contains=[f"district:{place.number}"]), names)
    city = joinable.filter(facets__contains=["district:all"])
    context = {
        "district": place,
        "rooms": [card for card in here if card["kind"] == Entry.Kind.ROOM],
        "entries": [card for card in here if card["kind"] != Entry.Kind.ROOM],
        "whole_city": cards(city[:WHOLE_CITY_SHOWN], names),
        "neighbours": place.neighbours.all(),
        "events": with_event_facts(Event.objects.upcoming().filter(district=place)),
    }
    return render(request, "portal/district.html", context)
