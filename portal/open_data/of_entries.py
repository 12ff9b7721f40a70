"""The columns of entries: organisations, circles, initiatives, programmes, opportunities and rooms."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Model, Prefetch, QuerySet
from django.utils import timezone

from programs.models import (
    DayPart,
    Entry,
    Language,
    Opportunity,
    Organisation,
    Programme,
    Weekday,
)
from programs.models.choices import Precision
from programs.vocabulary import WHOLE_CITY
from welcome_rooms.models import WelcomeRoom

from .columns import (
    ADDRESS,
    CLOCK,
    DAY,
    DEGREES,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    Column,
    Value,
    choice,
    clock,
    column,
    listed,
    meanings,
    optional,
    or_null,
    record,
    text,
)

WEEKDAYS = [day.name.lower() for day in Weekday]
WEEKDAY: dict[str, Any] = {"type": "string", "enum": WEEKDAYS}
DISTRICT: dict[str, Any] = {"type": "string", "pattern": "^[0-9]{2}$"}
SOURCED = (
    text("source", "Quelle: Adresse oder Name des Dokuments."),
    optional("as_of", DAY, "Stand: Tag des jüngsten Belegs."),
    choice("as_of_precision", "Wie genau der Stand bekannt ist.", Precision),
    optional("confirmed_on", DAY, "Tag, an dem die Angaben zuletzt bestätigt wurden."),
)
"""Where the data come from."""


def page(row: Any) -> str:
    """The address of the record's page."""
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def tokens(facet: str) -> Value:
    """The words of one facet, from the column that the database keeps."""
    start = f"{facet}:"
    return lambda row: [
        one.removeprefix(start) for one in row.facets if one.startswith(start) and one != WHOLE_CITY
    ]


def linked(name: str, about: str) -> tuple[Column, Column]:
    """Number and name of an organisation. One without a page of its own has no number here."""

    def number(row: Any) -> int | None:
        found = getattr(row, name)
        return found.pk if found and found.is_published else None

    def title(row: Any) -> str | None:
        found = getattr(row, name)
        return found.title if found else None

    return (
        optional(
            f"{name}_id",
            NUMBER,
            f"{about}: ihre id, wenn sie eine eigene Seite hat.",
            of=f"{name}__is_published {name}__kind",
            value=number,
        ),
        optional(f"{name}_name", TEXT, f"{about}: ihr Name.", of=f"{name}__title", value=title),
    )


def part_of(about: str) -> Column:
    """The number of the entry above, if it is public."""

    def number(row: Any) -> int | None:
        return row.part_of_id if row.part_of and row.part_of.is_published else None

    return optional("part_of_id", NUMBER, about, of="part_of__is_published", value=number)


ENTRY: tuple[Column, ...] = (
    column("id", NUMBER, "Nummer des Eintrags; sie bleibt.", of="pk"),
    column("url", ADDRESS, "Adresse der Seite.", of="kind slug", value=page),
    column("title", TEXT, "Name."),
    text("summary", "Ein bis zwei Sätze."),
    text("description", "Beschreibung; Absätze trennt eine Leerzeile."),
    choice("status", "Status.", Entry.Status),
    column(
        "is_open",
        YES_NO,
        "Ob man sich jetzt anmelden kann.",
        of="is_open is_published accepts_sign_ups status kind",
    ),
    optional("starts_on", DAY, "Beginn."),
    optional("ends_on", DAY, "Ende."),
    text("period_note", "Zeitraum in Worten, statt der Tage."),
    column(
        "districts",
        listed(DISTRICT),
        "Nummern der Stadtbezirke, siehe /districts.",
        of="facets",
        value=tokens("district"),
    ),
    column(
        "whole_city",
        YES_NO,
        "Ob es in der ganzen Stadt ist.",
        of="facets",
        value=lambda row: WHOLE_CITY in row.facets,
    ),
    text("located_at", "Ort in Worten."),
    column(
        "fields",
        listed(TEXT),
        "Engagementfelder: slug aus /fields.",
        of="facets",
        value=tokens("field"),
    ),
    column(
        "target_groups",
        listed(TEXT),
        "Zielgruppen: slug aus /target-groups.",
        of="facets",
        value=tokens("group"),
    ),
    column(
        "languages",
        listed({"type": "string", "enum": Language.values}),
        f"Sprachen, die gebraucht werden (ISO 639). {meanings(Language)}",
    ),
    column("without_german", YES_NO, "Ohne Deutschkenntnisse möglich."),
    column("newcomers_welcome", YES_NO, "Für Neuzugewanderte, die sich selbst engagieren."),
    column("for_groups", YES_NO, "Auch für Gruppen."),
    column(
        "weekdays",
        listed(WEEKDAY),
        "Wochentage.",
        value=lambda row: [WEEKDAYS[day] for day in row.weekdays],
    ),
    column(
        "dayparts",
        listed({"type": "string", "enum": DayPart.values}),
        f"Tageszeiten. {meanings(DayPart)}",
    ),
    text("time_note", "Zeitaufwand in Worten."),
    text("requirements", "Voraussetzungen."),
    text("contact_role", "Wer antwortet: eine Funktion, nie ein Name."),
    text("contact_phone", "Dienstliche Telefonnummer.", of="phone"),
    text("contact_phone_hours", "Sprechzeiten am Telefon.", of="phone_hours"),
    text("website", "Eigene Webseite."),
    *linked("department", "Zuständige Stelle"),
    *SOURCED,
    column("is_example", YES_NO, "Ob der Eintrag nur ein erfundenes Beispiel ist.", of="is_demo"),
    column("created_at", MOMENT, "Wann der Eintrag angelegt wurde."),
    column("updated_at", MOMENT, "Wann er zuletzt geändert wurde."),
)
OWNED = linked("organisation", "Organisation, zu der es gehört")
ORGANISATION = (
    *ENTRY,
    choice("type", "Art der Organisation.", Organisation.Type),
    text("carried_by", "Träger."),
    optional("founded", NUMBER, "Gründungsjahr."),
    text("area", "Gebiet in Worten."),
)
PROGRAMME = (
    *ENTRY,
    *OWNED,
    choice("type", "Art des Programms.", Programme.Type),
    text("funder", "Gefördert von."),
    part_of("Programm, zu dem es gehört: seine id."),
    column(
        "partner_ids",
        listed(NUMBER),
        "Partner: ids von Organisationen.",
        of="pk",
        value=lambda row: sorted(one.pk for one in row.partners.all()),
    ),
    column(
        "requires_conduct_check",
        YES_NO,
        "Ob ein erweitertes Führungszeugnis nötig ist.",
    ),
)
OPPORTUNITY = (*ENTRY, *OWNED, part_of("Programm oder Raum, zu dem es gehört: seine id."))


def opening_hours(room: WelcomeRoom) -> list[dict[str, Any]]:
    return [
        {
            "weekday": WEEKDAYS[one.weekday],
            "opens": clock(one.opens),
            "closes": clock(one.closes),
        }
        for one in room.opening_hours.all()
    ]


def closures(room: WelcomeRoom) -> list[dict[str, Any]]:
    """Those that are not over."""
    today = timezone.localdate()
    return [
        {
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
            "reason": one.reason or None,
        }
        for one in room.closures.all()
        if today <= one.last_day
    ]


def offers(room: WelcomeRoom) -> list[dict[str, Any]]:
    """Those that have not ended."""
    today = timezone.localdate()
    return [
        {
            "title": one.title,
            "note": one.note or None,
            "weekday": None if one.weekday is None else WEEKDAYS[one.weekday],
            "starts": clock(one.starts),
            "ends": clock(one.ends),
        }
        for one in room.offers.all()
        if one.until is None or today <= one.until
    ]


ROOM = (
    *ENTRY,
    *OWNED,
    text("place", "Name des Hauses."),
    text("street", "Straße und Hausnummer."),
    optional("latitude", DEGREES, "Breite (WGS84)."),
    optional("longitude", DEGREES, "Länge (WGS84)."),
    text("access_note", "Hinweise zum Zugang."),
    text("hours_note", "Hinweis zu den Öffnungszeiten."),
    column("open_on_holidays", YES_NO, "Ob der Raum an gesetzlichen Feiertagen geöffnet ist."),
    column(
        "opening_hours",
        listed(record(weekday=WEEKDAY, opens=CLOCK, closes=CLOCK)),
        "Öffnungszeiten jeder Woche, Ortszeit Europe/Berlin.",
        of="pk",
        value=opening_hours,
    ),
    column(
        "closures",
        listed(record(first_day=DAY, last_day=DAY, reason=or_null(TEXT))),
        "Schließzeiten, die noch nicht vorbei sind; am letzten Tag ist noch geschlossen.",
        of="pk",
        value=closures,
    ),
    column(
        "offers",
        listed(
            record(
                title=TEXT,
                note=or_null(TEXT),
                weekday=or_null(WEEKDAY),
                starts=or_null(CLOCK),
                ends=or_null(CLOCK),
            )
        ),
        "Regelmäßige Angebote.",
        of="pk",
        value=offers,
    ),
    text("funder", "Gefördert von."),
)

Rows = Callable[[], "QuerySet[Any]"]


def published(model: type[Model], *also: "str | Prefetch[Any]", **only: Any) -> Rows:
    """The published entries of one kind, with what belongs to them in one query each."""
    return lambda: model._default_manager.filter(is_published=True, **only).prefetch_related(*also)


organisations = published(Organisation, kind=Entry.Kind.ORGANISATION)
circles = published(Organisation, kind=Entry.Kind.CIRCLE)
initiatives = published(Organisation, kind=Entry.Kind.INITIATIVE)
opportunities = published(Opportunity)
rooms = published(WelcomeRoom, "opening_hours", "closures", "offers")


def programmes() -> "QuerySet[Any]":
    public = Organisation._default_manager.filter(is_published=True).only("pk")
    return published(Programme, Prefetch("partners", queryset=public))()
