"""The home page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.cards import cards, with_event_facts
from portal.catalogue import RECOMMENDED, token_counts
from portal.figures import latest_figures
from portal.views.entries import NOT_PUBLIC
from portal.views.places import map_context
from programs import vocabulary
from programs.models import Entry, Event, Programme
from programs.vocabulary import Word
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.opening import opening_today

PROGRAMMES = EVENTS = 3

MENTORING_FIRST = (
    Case(When(programme_entry__type=Programme.Type.MENTORING, then=0), default=1),
    *RECOMMENDED,
)


def home(request: HttpRequest) -> HttpResponse:
    words = vocabulary.words()
    districts = vocabulary.labels(words["district"])
    counts = token_counts(Entry.objects.joinable())
    programmes = Entry.objects.open().filter(kind=Entry.Kind.PROGRAMME)
    context = {
        "fields": [(word, counts.get(word.token, 0)) for word in words["field"]],
        "programmes": cards(programmes.order_by(*MENTORING_FIRST)[:PROGRAMMES], districts),
        "rooms": [(room, opening_today(room), _where(room, words)) for room in _rooms()],
        "events": with_event_facts(Event.objects.upcoming())[:EVENTS],
        "figures": latest_figures(),
        **map_context(counts),
    }
    return render(request, "portal/home.html", context)


def _rooms() -> Iterable[WelcomeRoom]:
    rooms: Any = WelcomeRoom.objects.open().select_related("organisation").defer(*NOT_PUBLIC)
    found: Iterable[WelcomeRoom] = rooms.prefetch_related("opening_hours")
    return found


def _where(room: WelcomeRoom, words: Mapping[str, list[Word]]) -> list[str]:
    """The names of the room's districts; none if it is for the whole city."""
    _whole_city, *districts = words["district"]
    return [word.label for word in districts if word.token in room.facets]
