"""The page of an event, and its calendar file."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from programs.calendar import event_calendar
from programs.models import Entry, Event
from volunteers.reads.reach import reach_for_event
from volunteers.reads.registering import registering
from welcome_rooms.models import WelcomeRoom


def event(request: HttpRequest, slug: str) -> HttpResponse:
    events = Event.objects.published().select_related("organisation", "district", "part_of")
    found = get_object_or_404(events, slug=slug)
    context = {
        "event": found,
        "room": _room_of(found),
        "registering": registering(found),
        "reach": reach_for_event(found),
    }
    return render(request, "programs/event.html", context)


def _room_of(event: Event) -> WelcomeRoom | None:
    """The Willkommensraum in which the event takes place: the one that it belongs to, unless it says where."""
    part_of = event.part_of
    if event.where or part_of is None or part_of.kind != Entry.Kind.ROOM:
        return None
    rooms: Any = WelcomeRoom.objects.filter(is_published=True, pk=part_of.pk)
    found: WelcomeRoom | None = rooms.first()
    return found


def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as an iCalendar file; 404 for a cancelled event."""
    events = Event.objects.published().select_related("district")
    found = get_object_or_404(events, slug=slug, is_cancelled=False)
    url = settings.SITE_URL + found.get_absolute_url()
    response = HttpResponse(
        event_calendar(found, url=url), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response
