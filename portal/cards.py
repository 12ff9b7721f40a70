"""Cards: the data that a list shows of an entry, read with few queries and ready for output."""

import datetime
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypedDict

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs import versions, vocabulary
from programs.models import Entry, EntryQuerySet, Event, EventQuerySet
from programs.models.choices import listed
from programs.models.provenance import format_date
from programs.models.translated import Said
from programs.texts import in_language, other_language, said_in
from volunteers.models import Application
from volunteers.models.groups import people_in


class Card(TypedDict):
    """An entry as a list shows it. ``badges`` are the endings of CSS classes: „full“ of ``badge--full``."""

    pk: int
    kind: str
    kind_label: str
    url: str
    title: Said
    summary: Said
    badges: list[str]
    where: Said
    when: str
    languages: str
    without_german: bool
    who: str
    stand_label: str
    missed: str
    """The words of a question that the entry does not answer."""
    html: dict[str, str]
    """Level of its heading → the card as a page shows it, made once (``portal/templatetags/rows.py``)."""


COLUMNS = (
    "pk",
    "kind",
    "title",
    "slug",
    "summary",
    "status",
    "facets",
    "without_german",
    "time_note",
    "located_at",
    "places",
    "as_of",
    "as_of_precision",
    "confirmed_on",
    "evidence_confirmed",
    "is_demo",
)


NEWCOMERS = "newcomers"
"""Facet of offers in which people take part who are new themselves, and badge of their cards."""
OWNER_TITLE = Entry.objects.order_by().filter(pk=OuterRef("organisation_id")).values("title")
PLACES_TAKEN = (
    Application.objects.taking_a_place()
    .filter(entry=OuterRef("pk"))
    .order_by()
    .values("entry")
    .annotate(number=people_in())
    .values("number")
)
SAID = ("title", "summary", "time_note", "located_at")
"""Columns that are shown in the language of the page."""
NOT_ON_EVENT_CARDS = {"description", "access_note", "online_url"}


def _rows(entries: EntryQuerySet) -> Any:
    language = other_language()
    said = {f"said_{name}": in_language(name, language) for name in SAID}
    found = entries.annotate(who=Subquery(OWNER_TITLE), taken=Subquery(PLACES_TAKEN), **said)
    return found.values(*COLUMNS, "who", "taken", *said)


@cache
def _all_rows(language: str) -> Any:
    """Built once for each language and filtered by each request: building it takes longer than running it."""
    return _rows(Entry.objects.order_by())


def cards(entries: EntryQuerySet, districts: Mapping[str, str]) -> list[Card]:
    """The cards of ``entries``, in the order of the queryset; one query. ``districts``: token → name."""
    names = {**districts, **vocabulary.fixed_labels()}
    return [_card(row, names) for row in _rows(entries)]


def cards_of(
    keys: Sequence[int],
    districts: Mapping[str, str],
    missed: Mapping[int, Sequence[str]] | None = None,
    near: Mapping[int, str] | None = None,
) -> list[Card]:
    """The cards of the entries with these primary keys, in this order; one query for those not yet made.

    ``missed``: entry → words of the question that it does not answer. ``near``: entry → how near it is.
    """
    kept = _kept_cards()
    lacking = [key for key in keys if key not in kept]
    if lacking:
        names = {**districts, **vocabulary.fixed_labels()}
        rows = _all_rows(other_language()).filter(pk__in=lacking)
        kept |= {row["pk"]: _card(row, names) for row in rows}
    found = (kept[key] for key in keys if key in kept)
    return [_for_question(card, missed or {}, near or {}) for card in found]


MOST_KEPT = 4000
"""Cards of one version that a process keeps, in all languages; about 10 MB."""
_kept: list[tuple[str, dict[str | None, dict[int, Card]]]] = []


def _kept_cards() -> dict[int, Card]:
    """Entry → its card in the language of the page; empty after each change of the content."""
    version, language = versions.current(), get_language()
    if version is None:
        return {}
    for known, cards_in in _kept[:]:
        if known == version and sum(map(len, cards_in.values())) < MOST_KEPT:
            return cards_in.setdefault(language, {})
    new: dict[int, Card] = {}
    _kept[:] = [(version, {language: new})]
    return new


def _for_question(card: Card, missed: Mapping[int, Sequence[str]], near: Mapping[int, str]) -> Card:
    """The card with what is said of it for one question only."""
    lacks, how_near = missed.get(card["pk"], ()), near.get(card["pk"], "")
    if not lacks and not how_near:
        return card
    where = Said(
        " · ".join(filter(None, (card["where"], how_near))), is_german=card["where"].is_german
    )
    return {**card, "where": where, "missed": listed(lacks), "html": {}}


def _card(row: dict[str, Any], names: Mapping[str, str]) -> Card:
    kind, language = row["kind"], get_language()
    other = other_language()
    said = {name: said_in(other, row[name], row[f"said_{name}"]) for name in SAID}
    found: dict[str, list[str]] = {"district": [], "day": [], "time": [], "language": []}
    for token in row["facets"]:
        facet = token.partition(":")[0]
        if facet in found and token in names:
            found[facet].append(names[token])
    where = " · ".join(filter(None, (said["located_at"], listed(found["district"]))))
    schedule = (listed(found["day"]), listed(found["time"]))
    return {
        "pk": row["pk"],
        "kind": kind,
        "kind_label": _kind_label(kind, language),
        "url": _address(kind, language) + row["slug"] + "/",
        "title": said["title"],
        "summary": said["summary"],
        "badges": _badges(row),
        "where": Said(where, is_german=said["located_at"].is_german),
        "when": " · ".join(filter(None, schedule)) or said["time_note"],
        "languages": listed(found["language"]),
        "without_german": row["without_german"],
        "who": row["who"] or "",
        "stand_label": _stand_label(row["as_of"], row["as_of_precision"], language),
        "missed": "",
        "html": {},
    }


def _badges(row: dict[str, Any]) -> list[str]:
    """At most one badge for the entry's state, then „Mitgestalten“, unconfirmed, and demo data."""
    badges = []
    if row["status"] != Entry.Status.ACTIVE:
        badges.append(row["status"])
    elif row["places"] is not None and (row["taken"] or 0) >= row["places"]:
        badges.append("full")
    if NEWCOMERS in row["facets"]:
        badges.append("newcomers")
    if row["confirmed_on"] is None and not row["evidence_confirmed"]:
        badges.append("unconfirmed")
    return [*badges, "demo"] if row["is_demo"] else badges


# The next three are cached, because they have few different values, and computing one of them takes
# longer than the rest of a card.


@cache
def _address(kind: str, language: str | None) -> str:
    """The URL prefix of a kind of entry, in the active ``language``."""
    app = "welcome_rooms" if kind == Entry.Kind.ROOM else "programs"
    return reverse(f"{app}:{kind}", args=["x"]).removesuffix("x/")


@cache
def _kind_label(kind: str, language: str | None) -> str:
    return str(Entry.Kind(kind).label)


@lru_cache(maxsize=1000)
def _stand_label(as_of: datetime.date | None, precision: str, language: str | None) -> str:
    if as_of is None:
        return ""
    return _("Stand: %(date)s") % {"date": format_date(as_of, precision)}


def with_event_facts(events: EventQuerySet) -> EventQuerySet:
    """Load the columns that the card of an event shows."""
    return events.select_related("district", "organisation").only(
        *(
            field.name
            for field in Event._meta.concrete_fields
            if field.name not in NOT_ON_EVENT_CARDS
        ),
        "district__short_name",
        "organisation__title",
    )
