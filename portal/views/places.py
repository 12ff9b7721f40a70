"""The map of the city, and a page for each district."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.cards import Card, cards_of, with_event_facts
from portal.catalogue.boxes import besides
from portal.catalogue.joinable import Entries
from portal.map import map_cells, mini_map
from programs import vocabulary
from programs.models import District, Entry, Event
from volunteers.reads.answering import answering_organisations

WHOLE_CITY_SHOWN = 6
EVENTS_SHOWN = 6
CIRCLES = (Entry.Kind.CIRCLE, Entry.Kind.INITIATIVE)


def map_context(counts: Mapping[str, int]) -> dict[str, Any]:
    """Context of the schematic map with the number of entries in each district; one query."""
    districts = list(District.objects.all())
    by_number = {one.number: counts.get(f"district:{one.number}", 0) for one in districts}
    return {
        "cells": map_cells(districts, by_number),
        "whole_city_count": counts.get(vocabulary.WHOLE_CITY, 0),
    }


def district_map(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/map.html", map_context(Entries().open_counts()))


def district(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(District, slug=slug)
    names = vocabulary.district_labels()
    token = f"district:{place.number}"
    here = Entries(token)
    city = Entries(vocabulary.WHOLE_CITY)
    answering = Entry.objects.open().filter(facets__contains=[token])
    neighbours = list(place.neighbours.all())
    context = {
        "district": place,
        "cells": mini_map(place, neighbours),
        "neighbours": neighbours,
        "events": with_event_facts(Event.objects.upcoming().filter(district=place))[:EVENTS_SHOWN],
        **_by_kind(cards_of(here.open_first(), names)),
        "answering": answering_organisations(answering),
        "besides": besides(here.state_counts(), [("bezirk", place.slug)]),
        "whole_city": cards_of(city.open_first(WHOLE_CITY_SHOWN), names),
    }
    return render(request, "portal/district.html", context)


def _by_kind(here: list[Card]) -> dict[str, list[Card]]:
    """Rooms, circles with initiatives, and the rest."""
    return {
        "rooms": [card for card in here if card["kind"] == Entry.Kind.ROOM],
        "circles": [card for card in here if card["kind"] in CIRCLES],
        "entries": [card for card in here if card["kind"] not in (Entry.Kind.ROOM, *CIRCLES)],
    }
