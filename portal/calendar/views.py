"""The calendar's pages: a list, a month, a subscription, and the half-year programme as PDF."""

import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cards import with_event_facts
from programs.calendar import subscription
from programs.models import Event

from .filter import EventFilter
from .half_year import HalfYear, programme
from .months import YEARS, Month, between, days_of, midnight, neighbours

SHOWN = 100
SUBSCRIBED = 500
SUBSCRIBED_PAST = datetime.timedelta(days=60)
"""For so long what is over stays in calendars that subscribe."""


def event_list(request: HttpRequest) -> HttpResponse:
    found = _filtered(request, Event.objects.upcoming())
    events = list(with_event_facts(found.qs)[:SHOWN])
    months = groupby(
        events, lambda event: timezone.localtime(event.starts_at).replace(day=1).date()
    )
    context = _ways(found) | {
        "months": [(month, list(rows)) for month, rows in months],
        "number": len(events),
    }
    return render(request, "programs/event_list.html", context)


def this_month(request: HttpRequest) -> HttpResponse:
    return _month(request, Month.of(timezone.localdate()))


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    if year not in YEARS or not 1 <= month <= 12:
        raise Http404
    return _month(request, Month(year, month))


def _month(request: HttpRequest, shown: Month) -> HttpResponse:
    events = between(shown.first, shown.plus(1).first)
    found = _filtered(request, events)
    before, after = neighbours(shown)
    rows = with_event_facts(found.qs)
    days = days_of(shown, rows)
    context = _ways(found) | {
        "month": shown,
        "number": len(rows),
        "days": days,
        "before": before,
        "after": after,
        "is_empty": not any(day.events for day in days),
    }
    return render(request, "programs/month.html", context)


def _filtered(request: HttpRequest, events: Any) -> EventFilter:
    found = EventFilter(data=request.GET, queryset=events)
    found.is_valid()
    return found


def _ways(found: EventFilter) -> dict[str, Any]:
    """What list and month have in common: the filter, the subscription, the printed programmes."""
    feed = reverse("programs:calendar_feed") + found.query
    host = settings.SITE_URL.partition("://")[2]
    return {
        "found": found,
        "feed_url": settings.SITE_URL + feed,
        "subscribe_url": f"webcal://{host}{feed}",
        "half_years": [half for half in HalfYear.now_and_next() if half.events().exists()],
    }


def feed(request: HttpRequest) -> HttpResponse:
    """All events as one calendar that programs ask for again and again; with cancelled ones, marked as such."""
    since = midnight(timezone.localdate() - SUBSCRIBED_PAST)
    events = Event.objects.listed().filter(ends_at__gte=since).order_by("starts_at", "pk")
    found = _filtered(request, events.select_related("district"))
    name = ": ".join(filter(None, (_("Termine im Freiwilligenportal Stuttgart"), found.words)))
    content = subscription(found.qs[:SUBSCRIBED], name=name, site=settings.SITE_URL)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def half_year(request: HttpRequest, year: int, half: int) -> HttpResponse:
    """404 if nothing is entered for it."""
    if year not in YEARS or half not in (1, 2):
        raise Http404
    shown = HalfYear(year, half)
    found = _filtered(request, shown.events())
    if not found.qs.exists():
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="programm-{year}-{half}.pdf"'}
    return HttpResponse(programme(shown, found), "application/pdf", headers=headers)
