"""The first page."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.cards import cards
from portal.catalogue import recommended, token_counts
from portal.figures import latest_figures
from portal.views.entries import UNREAD
from portal.views.places import map_context
from programs import vocabulary
from programs.models import Entry, Event, Field
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.opening import opening_today

PROGRAMMES = 6
EVENTS = 4


def home(request: HttpRequest) -> HttpResponse:
    counts = token_counts(Entry.objects.joinable())
    programmes = recommended(Entry.objects.open().filter(kind=Entry.Kind.PROGRAMME))
    context = {
        "fields": [(field, counts.get(f"field:{field.slug}", 0)) for field in Field.objects.all()],
        "programmes": cards(programmes[:PROGRAMMES], vocabulary.card_labels()),
        "rooms": [(room, opening_today(room)) for room in _rooms()],
        "events": Event.objects.upcoming().select_related("district")[:EVENTS],
        "figures": latest_figures(),
        **map_context(counts),
    }
    return render(request, "portal/home.html", context)


def _rooms() -> Iterable[WelcomeRoom]:
    rooms = WelcomeRoom.objects.open().select_related("organisation").defer(*UNREAD)
    return rooms.prefetch_related("opening_hours", "districts")
