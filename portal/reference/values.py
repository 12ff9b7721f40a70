"""Brings a record of the data files and a row of the database into the same form, to compare them."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field as Column
from django.db.models import Model

from .files import Record
from .kinds import Kind, Rows

Values = dict[str, Any]
"""Column → value, with sorted lists and rows. A value that equals the column's default is left out.
Otherwise every record would look edited when a later release adds a column."""


def natural_key(row: Model) -> str:
    """The key by which data files refer to a record: its slug (districts: the number)."""
    return str(row.pk if type(row).__name__ == "District" else getattr(row, "slug"))  # noqa: B009


def column(model: type[Model], name: str) -> "Column[Any, Any]":
    return cast("Column[Any, Any]", model._meta.get_field(name))


def _own(model: type[Model], names: Iterable[str], given: Record) -> Values:
    """The columns ``names`` of ``given`` as Python values, without defaults."""
    values = {name: column(model, name).to_python(given[name]) for name in names if name in given}
    return {
        name: value for name, value in values.items() if value != column(model, name).get_default()
    }


def children(row: Any, rows: Rows) -> list[Model]:
    """The rows that belong to ``row``: of a relation to many, or the one of a relation to one."""
    found = getattr(row, rows.accessor, None)
    if found is None:
        return []
    return [found] if isinstance(found, Model) else list(found.all())


def _in_order(rows: Iterable[Values]) -> list[Values]:
    return sorted(rows, key=as_json)


def wanted_values(kind: Kind, record: Record) -> Values:
    """The values of a record of the data files. Raises ``ValueError`` for an unknown name."""
    values = _own(kind.model, kind.columns, record)
    values |= {name: record[name] for name in kind.links if record.get(name)}
    values |= {name: sorted(record[name]) for name in kind.lists if record.get(name)}
    for rows in kind.rows:
        if record.get(rows.accessor):
            values[rows.accessor] = _in_order(
                _wanted_row(rows, row) for row in record[rows.accessor]
            )
    if unknown := set(record) - {*kind.columns, *kind.links, *kind.lists, *_accessors(kind)}:
        raise ValueError(f"{kind.name} {record_key(kind, record)}: unknown {sorted(unknown)}")
    return values


def _accessors(kind: Kind) -> list[str]:
    return [rows.accessor for rows in kind.rows]


def _wanted_row(rows: Rows, row: Record) -> Values:
    return _own(rows.model, rows.columns, row) | {name: row[name] for name in rows.links}


def _linked(row: Model, names: Iterable[str]) -> Values:
    linked = {name: getattr(row, name) for name in names}
    return {name: natural_key(target) for name, target in linked.items() if target is not None}


def stored_values(kind: Kind, row: Model) -> Values:
    """The values of the same columns in the database."""
    values = _own(kind.model, kind.columns, _attributes(row, kind.columns))
    values |= _linked(row, kind.links)
    for name in kind.lists:
        values[name] = sorted(natural_key(other) for other in getattr(row, name).all())
    for rows in kind.rows:
        values[rows.accessor] = _in_order(
            _own(rows.model, rows.columns, _attributes(child, rows.columns))
            | _linked(child, rows.links)
            for child in children(row, rows)
        )
    return {name: value for name, value in values.items() if value != []}


def _attributes(row: Model, names: Iterable[str]) -> Record:
    return {name: getattr(row, name) for name in names}


def as_json(values: Values) -> str:
    return json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)


def digest(values: Values) -> str:
    return hashlib.sha256(as_json(values).encode()).hexdigest()


def record_key(kind: Kind, given: Record | Model) -> str:
    """The key of a record or row among all kinds: „programme:willkommenspaten“."""
    get = given.get if isinstance(given, dict) else lambda name: getattr(given, name)
    return f"{kind.name}:" + "@".join(str(get(name)) for name in kind.key)
