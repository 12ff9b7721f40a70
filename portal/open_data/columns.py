"""A column of an open list: its name, its type as JSON schema, what it means, and its value."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Choices

Schema = dict[str, Any]
Value = Callable[[Any], Any]

NUMBER: Schema = {"type": "integer"}
TEXT: Schema = {"type": "string"}
YES_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CLOCK: Schema = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
DEGREES: Schema = {"type": "number"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """``reads`` names the columns of the model that the value needs; no other one is loaded."""

    name: str
    schema: Schema
    about: str
    value: Value
    reads: tuple[str, ...]


def column(
    name: str, schema: Schema, about: str, *, of: str = "", value: Value | None = None
) -> Column:
    """``of``: the columns of the model, separated by blanks; without ``value`` the first is the value."""
    reads = tuple(of.split()) or (name,)
    return Column(
        name=name, schema=schema, about=about, value=value or attrgetter(reads[0]), reads=reads
    )


def text(name: str, about: str, *, of: str = "") -> Column:
    """A text; null if there is none."""
    own = attrgetter(of or name)
    return column(name, or_null(TEXT), about, of=of, value=lambda row: own(row) or None)


def optional(
    name: str, schema: Schema, about: str, *, of: str = "", value: Value | None = None
) -> Column:
    """A value that can be null."""
    return column(name, or_null(schema), about, of=of, value=value)


def choice(name: str, about: str, choices: type[Choices], *, of: str = "") -> Column:
    """One of ``choices``; the description says what each word means."""
    schema = {"type": "string", "enum": [str(one.value) for one in choices]}
    return column(name, schema, f"{about} {meanings(choices)}", of=of)


def meanings(choices: type[Choices]) -> str:
    """„active: aktiv; paused: pausiert“."""
    return "; ".join(f"{one.value}: {one.label}" for one in choices)


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def record(**properties: Schema) -> Schema:
    """A JSON object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def clock(time: datetime.time | None) -> str | None:
    """„17:30“, local time."""
    return None if time is None else f"{time:%H:%M}"


def utc(moment: datetime.datetime) -> str:
    """„2026-11-27T12:00:00Z“, with fractions of a second where there are some."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def as_json(value: Any) -> Any:
    """Dates and times as JSON knows them; anything else as it is."""
    if isinstance(value, datetime.datetime):
        return utc(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def as_cell(value: Any) -> str:
    """The same value for a CSV file: lists with commas, records of a list with semicolons between them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        between = "; " if value and isinstance(value[0], dict) else ", "
        return between.join(map(as_cell, value))
    if isinstance(value, dict):
        return " ".join(filter(None, map(as_cell, value.values())))
    return str(as_json(value))
