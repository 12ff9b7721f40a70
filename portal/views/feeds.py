"""Feeds for every filter of the catalogue and of the calendar."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.calendar.filter import EventFilter
from portal.catalogue import CatalogueFilter
from portal.open_data.feeds import ICAL, MOST, atom
from programs.calendar import subscription
from programs.models import Entry, Event
from programs.models.choices import listed

EVENTS = 500
"""Events of a subscription, as of the calendar's."""
PAST = datetime.timedelta(days=60)
NOT_FILTERED = ("search_names", "search_text", "search_vector", "internal_note")


def _catalogue(query: QueryDict) -> CatalogueFilter:
    """The filter of the catalogue, the newest first whatever order the page had."""
    newest = query.copy()
    newest["sortierung"] = "neu"
    found = CatalogueFilter(data=newest)
    found.is_valid()
    return found


def _chosen(found: CatalogueFilter) -> str:
    return listed(chip.label for chip in found.chips)


def _named(name: str, chosen: str) -> str:
    return ": ".join(filter(None, (name, chosen)))


def _after(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def offers(request: HttpRequest) -> HttpResponse:
    """What is new in the catalogue, for one filter."""
    found = _catalogue(request.GET)
    rows: Any = Entry.objects.published().filter(pk__in=found.keys[:MOST]).defer(*NOT_FILTERED)
    return atom(
        rows.order_by("-created_at", "-pk"),
        title=_named(_("Neue Angebote im Freiwilligenportal Stuttgart"), _chosen(found)),
        page=_after(reverse("portal:catalogue"), found.query),
        feed=_after(reverse("portal:catalogue_feed"), found.unsorted_query),
    )


def events_of_offers(request: HttpRequest) -> HttpResponse:
    """The events of all offers that one filter of the catalogue finds, as a calendar to subscribe to."""
    found = _catalogue(request.GET)
    of_these = Q(part_of__in=found.keys) | Q(organisation__in=found.keys)
    rows = Event.objects.listed().filter(of_these, ends_at__gte=timezone.now() - PAST)
    rows = rows.select_related("district").order_by("starts_at", "pk")[:EVENTS]
    name = _named(_("Termine im Freiwilligenportal Stuttgart"), _chosen(found))
    content = subscription(rows, name=name, site=settings.SITE_URL)
    return HttpResponse(content, content_type=ICAL)


def events(request: HttpRequest) -> HttpResponse:
    """Events that were announced last, for one filter of the calendar."""
    found = EventFilter(data=request.GET, queryset=Event.objects.upcoming())
    found.is_valid()
    return atom(
        found.qs.order_by("-created_at", "-pk")[:MOST],
        title=_named(_("Neue Termine im Freiwilligenportal Stuttgart"), found.words),
        page=reverse("programs:event_list") + found.query,
        feed=reverse("programs:event_feed") + found.query,
    )
