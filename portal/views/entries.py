"""The page of an entry: opportunity, programme, room, circle, initiative, organisation.

The views are in the top layer because they say how to sign up, which only ``volunteers`` knows.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from portal.cards import Card, cards, with_event_facts
from portal.catalogue import recommended
from programs.models import (
    Entry,
    Event,
    Opportunity,
    Organisation,
    Programme,
    ProtectionConcept,
)
from programs.read_once import read_once
from programs.showing import shown, with_shown
from programs.vocabulary import words_of
from volunteers.reads.joining import joining
from volunteers.reads.reach import reach
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.models.rooms import with_closures
from welcome_rooms.opening import closures_ahead, opening_today, regular_offers, weekly_hours

_E = TypeVar("_E", bound=Entry)

ROOM_CONCEPT = "willkommensraeume-konzept"
"""Slug of the text page about the concept of the Willkommensräume."""
NOT_PUBLIC = [
    prefix + name
    for prefix in ("", "organisation__", "organisation__department__", "department__")
    for name in ("search_names", "search_text", "search_vector", "internal_note")
]
"""Columns that no public page shows."""


def _find(
    model: type[_E],
    slug: str,
    *related: str,
    also: Mapping[str, Any] | None = None,
    **conditions: Any,
) -> _E:
    """The published entry of this kind, or 404; ``also`` are annotations."""

    def read() -> _E:
        entries: Any = model.objects.filter(is_published=True, **conditions)
        entries = entries.select_related("organisation__department", "department", *related)
        entries = with_shown(entries.annotate(**(also or {})).defer(*NOT_PUBLIC))
        found: _E = get_object_or_404(entries, slug=slug)
        return found

    return read_once((model, slug, *conditions.values()), read)


def _facts(entry: Entry, *, events: str = "part_of") -> dict[str, Any]:
    """The context that the pages of all kinds need, with the events that have ``entry`` in the column ``events``."""
    is_office = entry.kind == Entry.Kind.ORGANISATION
    join = None if is_office else joining(entry)
    return shown(entry) | {
        "entry": entry,
        "words": words_of(entry),
        "joining": join,
        "reach": reach(entry, answers=join.answers if join and not join.by_link else None),
        "events": _upcoming({events: entry.pk}),
    }


def _upcoming(condition: dict[str, int]) -> list[Event]:
    """The events of ``condition`` that are not over yet."""

    def read() -> list[Event]:
        return list(with_event_facts(Event.objects.upcoming().filter(**condition)))

    events = read_once(("events", *condition.items()), read)
    return [event for event in events if not event.is_past]


def _protection(programme: int | None) -> ProtectionConcept | None:
    concepts = ProtectionConcept.objects
    return read_once(
        ("protection", programme), lambda: concepts.with_steps().filter(programme=programme).first()
    )


def _parts(entry: Entry, districts: Mapping[str, str]) -> dict[str, list[Card]]:
    """Cards of the programmes and opportunities that belong to ``entry``."""
    inside = Q(programme_entry__part_of=entry.pk) | Q(opportunity_entry__part_of=entry.pk)
    found = cards(recommended(Entry.objects.joinable().filter(inside)), districts)
    return {
        "parts": [card for card in found if card["kind"] == Entry.Kind.PROGRAMME],
        "opportunities": [card for card in found if card["kind"] == Entry.Kind.OPPORTUNITY],
    }


def opportunity(request: HttpRequest, slug: str) -> HttpResponse:
    entry = _find(Opportunity, slug, "part_of")
    context = _facts(entry) | {"protection": _protection(entry.part_of_id)}
    return render(request, "programs/opportunity.html", context)


def programme(request: HttpRequest, slug: str) -> HttpResponse:
    entry = _find(Programme, slug, "part_of", "protection")
    context = _facts(entry) | {
        "partners": entry.partners.filter(is_published=True),
        "story": entry.stories.public().first(),
        "protection": getattr(entry, "protection", None),
    }
    context |= _parts(entry, context["words"].all_districts)
    return render(request, "programs/programme.html", context)


def room(request: HttpRequest, slug: str) -> HttpResponse:
    entry = _find(WelcomeRoom, slug, also=with_closures())
    prefetch_related_objects([entry], "opening_hours", "offers")
    context = _facts(entry)
    context |= _parts(entry, context["words"].all_districts) | {
        "week": weekly_hours(entry),
        "today": opening_today(entry),
        "closures": closures_ahead(entry),
        "offers": regular_offers(entry),
        "carriers": entry.carrier_periods.select_related("organisation"),
        "concept": ROOM_CONCEPT,
    }
    return render(request, "welcome_rooms/room.html", context)


def circle(request: HttpRequest, slug: str) -> HttpResponse:
    return _organisation(request, slug, Entry.Kind.CIRCLE)


def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    return _organisation(request, slug, Entry.Kind.INITIATIVE)


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    return _organisation(request, slug, Entry.Kind.ORGANISATION)


def _organisation(request: HttpRequest, slug: str, kind: Entry.Kind) -> HttpResponse:
    entry = _find(Organisation, slug, kind=kind)
    context = _facts(entry, events="organisation")
    districts = context["words"].all_districts
    own = Entry.objects.joinable().filter(organisation=entry)
    partner_in = Entry.objects.joinable().filter(programme_entry__partners=entry)
    periods = entry.carrier_periods.filter(until__lt=timezone.localdate(), room__is_published=True)
    context |= {
        "own_entries": cards(recommended(own), districts),
        "partner_in": cards(recommended(partner_in), districts),
        "former_rooms": periods.select_related("room"),
    }
    return render(request, "programs/organisation.html", context)
