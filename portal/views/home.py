"""The home page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from portal.cards import NEWCOMERS, cards_of, with_event_facts
from portal.catalogue.joinable import Entries
from portal.figures.key_figures import latest_figures
from portal.views.entries import NOT_PUBLIC
from portal.views.places import map_context
from programs import simple, vocabulary
from programs.models import Event
from programs.stories import with_pictures
from programs.vocabulary import Word
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.models.rooms import with_closures
from welcome_rooms.opening import Opening, opening_today

FIRST = PROGRAMMES = EVENTS = 3
STORIES = 2
PROGRAMME = "kind:programme"
STATES = ("open", "later", "over", "closed", "unknown")
"""Rooms are in this order of their opening today."""


def home(request: HttpRequest) -> HttpResponse:
    words = vocabulary.words()
    entries = Entries()
    counts = entries.open_counts()
    first = entries.open_first(FIRST)
    newcomers = entries.open_first(FIRST, NEWCOMERS)
    programmes = entries.open_first(PROGRAMMES, PROGRAMME, without=first)
    shown = cards_of([*first, *newcomers, *programmes], vocabulary.labels(words["district"]))
    by_key = {card["pk"]: card for card in shown}
    context = {
        "first": [by_key[key] for key in first if key in by_key],
        # Offers in which people take part who are new themselves, and how many there are.
        "for_newcomers": [by_key[key] for key in newcomers if key in by_key],
        "newcomers": counts.get(NEWCOMERS, 0),
        "fields": [(word, counts[word.token]) for word in words["field"] if word.token in counts],
        "programmes": [by_key[key] for key in programmes if key in by_key],
        "rooms": [(room, today, _where(room, words)) for room, today in _rooms()],
        "events": with_event_facts(Event.objects.upcoming())[:EVENTS],
        "stories": with_pictures()[:STORIES],
        "figures": latest_figures(),
        **map_context(counts),
    }
    is_simple = get_language() == simple.LANGUAGE
    return render(request, "portal/home_simple.html" if is_simple else "portal/home.html", context)


def _rooms() -> list[tuple[WelcomeRoom, Opening]]:
    """Rooms that are open now come first, those without known hours last; then those that are confirmed."""
    rooms: Any = WelcomeRoom.objects.open().select_related("organisation").defer(*NOT_PUBLIC)
    found: list[WelcomeRoom] = list(
        rooms.annotate(**with_closures()).prefetch_related("opening_hours")
    )
    today = [(room, opening_today(room)) for room in found]
    return sorted(today, key=lambda one: (STATES.index(one[1].state), not one[0].is_confirmed))


def _where(room: WelcomeRoom, words: Mapping[str, list[Word]]) -> list[str]:
    """The names of the room's districts; none if it is for the whole city."""
    _whole_city, *districts = words["district"]
    return [word.label for word in districts if word.token in room.facets]
