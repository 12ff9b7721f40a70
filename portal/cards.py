"""Cards: what lists show of an entry, read in few queries and ready to print."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypedDict

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from programs import vocabulary
from programs.models import Entry, EntryQuerySet, Event, EventQuerySet
from programs.models.provenance import format_date
from volunteers.models import Application


class Card(TypedDict):
    """An entry in a list; names as on ``Entry`` where both have them."""

    pk: int
    url: str
    kind: str
    kind_label: str
    title: str
    summary: str
    what: str
    where: str
    when: str
    languages: str
    without_german: bool
    who: str
    stand_label: str
    has_badges: bool
    is_confirmed: bool
    is_ended: bool
    is_paused: bool
    is_full: bool
    is_demo: bool


COLUMNS = (
    "pk",
    "kind",
    "title",
    "slug",
    "summary",
    "status",
    "facets",
    "without_german",
    "weekdays",
    "dayparts",
    "time_note",
    "places",
    "as_of",
    "as_of_precision",
    "confirmed_on",
    "evidence_confirmed",
    "is_demo",
)


PLACES_TAKEN = (
    Application.objects.taking_a_place()
    .filter(entry=OuterRef("pk"))
    .order_by()
    .values("entry")
    .annotate(number=Count("pk"))
    .values("number")
)
EVENT_UNREAD = {"description", "access_note", "online_url"}


def cards(entries: EntryQuerySet, names: Mapping[str, str]) -> list[Card]:
    """The cards of ``entries`` in their order; one query.

    ``names`` are the words for fields and districts by token.
    """
    names = {**names, **vocabulary.labels(*vocabulary.fixed_words().values())}
    rows = entries.annotate(taken=Coalesce(Subquery(PLACES_TAKEN), 0))
    return [_card(row, names) for row in rows.values(*COLUMNS, "organisation__title", "taken")]


def cards_of(keys: Sequence[int], names: Mapping[str, str]) -> list[Card]:
    """The cards of the entries with these keys, in this order; one query."""
    found = cards(Entry.objects.filter(pk__in=keys).order_by(), names)
    by_key = {card["pk"]: card for card in found}
    return [by_key[key] for key in keys if key in by_key]


def _card(row: dict[str, Any], names: Mapping[str, str]) -> Card:
    kind, status = row["kind"], row["status"]
    found: dict[str, list[str]] = {facet: [] for facet in ("field", "district", "language")}
    for token in row["facets"]:
        facet = token.partition(":")[0]
        if facet in found and token in names:
            found[facet].append(names[token])
    is_confirmed = row["evidence_confirmed"] or row["confirmed_on"] is not None
    is_active = status == Entry.Status.ACTIVE
    is_full = row["places"] is not None and row["taken"] >= row["places"]
    return {
        "pk": row["pk"],
        "url": _address(kind) + row["slug"] + "/",
        "kind": kind,
        "kind_label": str(Entry.Kind(kind).label),
        "title": row["title"],
        "summary": row["summary"],
        "what": ", ".join(found["field"]),
        "where": ", ".join(found["district"]),
        "when": _when(row, names) or row["time_note"],
        "languages": ", ".join(found["language"]),
        "without_german": row["without_german"],
        "who": row["organisation__title"] or "",
        "stand_label": _stand(row),
        "has_badges": not is_confirmed or not is_active or is_full or row["is_demo"],
        "is_confirmed": is_confirmed,
        "is_ended": status == Entry.Status.ENDED,
        "is_paused": status == Entry.Status.PAUSED,
        "is_full": is_full,
        "is_demo": row["is_demo"],
    }


@cache
def _address(kind: str) -> str:
    """What the addresses of a kind begin with; asking Django for each one costs more than its card."""
    app = "welcome_rooms" if kind == Entry.Kind.ROOM else "programs"
    return reverse(f"{app}:{kind}", args=["x"]).removesuffix("x/")


def _stand(row: dict[str, Any]) -> str:
    if row["as_of"] is None:
        return ""
    return _("Stand: %(date)s") % {"date": format_date(row["as_of"], row["as_of_precision"])}


def _when(row: dict[str, Any], names: Mapping[str, str]) -> str:
    parts = (
        [names[f"day:{day}"] for day in sorted(row["weekdays"])],
        [names[f"time:{part}"] for part in row["dayparts"]],
    )
    return " · ".join(", ".join(part) for part in parts if part)


def with_event_facts(events: EventQuerySet) -> EventQuerySet:
    """Load what the card of an event shows."""
    return events.select_related("district", "organisation").only(
        *(field.name for field in Event._meta.concrete_fields if field.name not in EVENT_UNREAD),
        "district__short_name",
        "organisation__title",
    )
