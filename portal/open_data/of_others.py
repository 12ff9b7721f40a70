"""The columns of events, districts, fields, target groups and figures."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.figures.models import KeyFigure
from programs.models import District, Event, Field, Language, TargetGroup

from .columns import (
    ADDRESS,
    DEGREES,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    choice,
    column,
    listed,
    meanings,
    optional,
    text,
)
from .of_entries import DISTRICT, SOURCED, linked, page, part_of

PAST_EVENTS = datetime.timedelta(days=60)
"""For so long events that are over stay in the list."""

EVENT = (
    column("id", NUMBER, "Nummer des Termins; sie bleibt.", of="pk"),
    column("url", ADDRESS, "Adresse der Seite.", of="slug", value=page),
    column(
        "uid",
        {"type": "string", "format": "uuid"},
        "Kennung in Kalendern (UID).",
        of="uid",
        value=lambda row: str(row.uid),
    ),
    choice("kind", "Art.", Event.Kind),
    column("title", TEXT, "Titel."),
    text("summary", "Ein bis zwei Sätze."),
    text("description", "Beschreibung; Absätze trennt eine Leerzeile."),
    column("starts_at", MOMENT, "Beginn."),
    column("ends_at", MOMENT, "Ende."),
    column("is_cancelled", YES_NO, "Ob der Termin abgesagt ist."),
    text("place", "Ort: Haus und Raum."),
    text("street", "Straße und Hausnummer."),
    optional("district", DISTRICT, "Nummer des Stadtbezirks.", of="district_id"),
    column(
        "is_online",
        YES_NO,
        "Ob man online teilnehmen kann. Den Link bekommt, wer angemeldet ist.",
        of="online_url",
        value=lambda row: bool(row.online_url),
    ),
    text("access_note", "Hinweise zum Zugang."),
    text("childcare_note", "Kinderbetreuung."),
    column(
        "languages",
        listed({"type": "string", "enum": Language.values}),
        f"Sprachen (ISO 639). {meanings(Language)}",
    ),
    column("takes_registrations", YES_NO, "Ob man sich anmelden muss."),
    optional("registration_until", MOMENT, "Ende der Anmeldung; null: bis zum Beginn."),
    *linked("organisation", "Veranstaltet von"),
    part_of("Programm oder Raum, zu dem der Termin gehört: seine id."),
    column("is_example", YES_NO, "Ob der Termin nur ein erfundenes Beispiel ist.", of="is_demo"),
    column("created_at", MOMENT, "Wann er angelegt wurde."),
    column("updated_at", MOMENT, "Wann er zuletzt geändert wurde."),
)
DISTRICTS = (
    column("id", DISTRICT, "Amtliche Nummer des Stadtbezirks; sie bleibt.", of="pk"),
    column("url", ADDRESS, "Adresse der Seite.", of="slug", value=page),
    column("name", TEXT, "Name."),
    column("short_name", TEXT, "Kurzname."),
    choice("zone", "Lage.", District.Zone),
    column("latitude", DEGREES, "Breite der Mitte (WGS84)."),
    column("longitude", DEGREES, "Länge der Mitte (WGS84)."),
    column("area_km2", DEGREES, "Fläche in Quadratkilometern."),
    column(
        "neighbours",
        listed(DISTRICT),
        "Nummern der Nachbarbezirke.",
        of="pk",
        value=lambda row: sorted(one.pk for one in row.neighbours.all()),
    ),
)
TERM = (
    column("id", NUMBER, "Nummer; sie bleibt.", of="pk"),
    column("slug", TEXT, "Kurzname, mit dem Einträge darauf verweisen."),
    column("name", TEXT, "Name."),
    text("description", "Ein bis drei Sätze."),
)
TREND = {"type": "string", "enum": Field.Trend.values}
FIELD = (
    *TERM,
    column("url", ADDRESS, "Adresse der Seite.", of="slug", value=page),
    text("in_plain_words", "In einfachen Worten."),
    optional(
        "trend",
        TREND,
        f"Wie sich der Bedarf entwickelt. {meanings(Field.Trend)}",
        of="trend",
        value=lambda row: row.trend or None,
    ),
    text("trend_note", "Erläuterung zur Entwicklung."),
    text("trend_source", "Quelle und Stand der Entwicklung."),
)
FIGURE = (
    column("id", NUMBER, "Nummer; sie bleibt.", of="pk"),
    column("series", TEXT, "Gleiche Reihe heißt: gleiche Größe zu verschiedenen Zeiten."),
    column("label", TEXT, "Bezeichnung."),
    column("value", NUMBER, "Wert."),
    text("department", "Zuständige Stelle."),
    text("note", "Erläuterung."),
    *SOURCED,
)


def events() -> "QuerySet[Any]":
    """Those that lists and calendars show, also cancelled ones; not those for invited people only."""
    return Event.objects.listed().filter(ends_at__gte=timezone.now() - PAST_EVENTS)


def districts() -> "QuerySet[Any]":
    return District.objects.prefetch_related("neighbours")


def fields() -> "QuerySet[Any]":
    return Field.objects.all()


def target_groups() -> "QuerySet[Any]":
    return TargetGroup.objects.all()


def figures() -> "QuerySet[Any]":
    return KeyFigure.objects.all()
