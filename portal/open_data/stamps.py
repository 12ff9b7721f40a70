"""Since when each data set is public, and when it last changed: read from its records, never guessed."""

import datetime
from typing import NamedTuple

from django.db.models import Max, Min, Model, Q
from django.db.models.functions import Coalesce

from portal.figures.models import KeyFigure
from programs.history import SNAPSHOT, table_of
from programs.models import District, Entry, Event, Field, TargetGroup

from .lists import OF_ORGANISATIONS

OF_ENTRIES = OF_ORGANISATIONS | {
    Entry.Kind.OPPORTUNITY: "opportunities",
    Entry.Kind.PROGRAMME: "programmes",
    Entry.Kind.ROOM: "rooms",
}
"""Kind of an entry → the list in which it is."""
TERMS: dict[str, type[Model]] = {
    "districts": District,
    "fields": Field,
    "target-groups": TargetGroup,
}


class Stamps(NamedTuple):
    """None: nobody knows, or there is no record."""

    issued: datetime.datetime | None
    modified: datetime.datetime | None


def of_lists() -> dict[str, Stamps]:
    """Name of a list → its stamps; a list without records has none.

    Entries that are not public any more count: taking them out was a change. Terms are what entries are sorted
    by, so they are public since the first entry is.
    """
    found = _of_entries()
    first = min((one.issued for one in found.values() if one.issued), default=None)
    found |= {name: Stamps(first, _newest(model)) for name, model in TERMS.items()}
    return found | {"events": _of_events(), "figures": _of_figures()}


def _of_entries() -> dict[str, Stamps]:
    public = Entry.objects.filter(Q(is_published=True) | Q(published_at__isnull=False))
    rows = (
        public.order_by()
        .values_list("kind")
        .annotate(issued=Min(Coalesce("published_at", "created_at")), modified=Max("updated_at"))
    )
    return {OF_ENTRIES[kind]: Stamps(issued, modified) for kind, issued, modified in rows}


def _newest(model: type[Model]) -> datetime.datetime | None:
    newest: datetime.datetime | None = model._default_manager.aggregate(at=Max("updated_at"))["at"]
    return newest


def _of_events() -> Stamps:
    """Also those that the list has left out since they are over."""
    return Stamps(
        **Event.objects.listed().aggregate(issued=Min("created_at"), modified=Max("updated_at"))
    )


def _of_figures() -> Stamps:
    """From their history, which also knows of a figure that was deleted."""
    written = table_of(KeyFigure)._default_manager.exclude(pgh_label=SNAPSHOT)
    return Stamps(**written.aggregate(issued=Min("pgh_created_at"), modified=Max("pgh_created_at")))
