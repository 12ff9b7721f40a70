"""Loads the starting data. Loading is idempotent and keeps the changes that staff have made."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError

from portal.models import LoadedRecord
from programs.history import by_portal

from .files import DATA, Record, read_records
from .kinds import KINDS, Kind, Rows
from .texts import load_texts
from .values import (
    Values,
    children,
    column,
    digest,
    natural_key,
    record_key,
    stored_values,
    wanted_values,
)


class Outcome(Enum):
    """What happened to a record. The value is the text in the command's report."""

    CREATED = "angelegt"
    UPDATED = "aktualisiert"
    UNCHANGED = "unverändert"
    EDITED = "von Ihnen geändert und nicht angefasst"
    DELETED = "von Ihnen gelöscht und nicht wieder angelegt"
    SKIPPED = "ausgelassen"


@dataclass
class Report:
    """Keys of the records by outcome, and why some were skipped."""

    keys: dict[Outcome, list[str]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[str, str] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    """Language → how many translated texts were written."""

    def count(self, outcome: Outcome) -> int:
        return len(self.keys[outcome])

    def __str__(self) -> str:
        always = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
        return ", ".join(
            f"{self.count(outcome)} {outcome.value}"
            for outcome in Outcome
            if outcome in always or self.count(outcome)
        )


@dataclass
class Step:
    """One record, its row in the database (if any), and what to do with it."""

    key: str
    wanted: Values
    row: Any
    outcome: Outcome
    is_noted: bool
    """Whether ``LoadedRecord`` already holds the digest of ``wanted``."""


@by_portal("load_reference")
def load(*, folder: Path = DATA, dry_run: bool = False) -> Report:
    """Load the data files into the database, in one transaction.

    - A missing record is created, unless staff have deleted it after an earlier load.
    - A record that staff have changed since the last load stays as it is.
    - A record that nobody has changed gets the values of the files; equal values are not written.
    - A record that is no longer in the files stays in the database.

    Locks a table, so that two loads wait for each other. With ``dry_run`` everything is rolled back.
    """
    report = Report()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE portal_loadedrecord IN SHARE ROW EXCLUSIVE MODE")
        noted = dict(LoadedRecord.objects.values_list("key", "digest"))
        for kind in KINDS:
            _load_kind(kind, folder, noted, report)
        report.texts = load_texts(folder)
        transaction.set_rollback(dry_run)
    return report


def _load_kind(kind: Kind, folder: Path, noted: dict[str, str], report: Report) -> None:
    records = [record for name in kind.files for record in read_records(folder, name)]
    steps = list(_plan(kind, records, noted))
    writing = [s for s in steps if s.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    for step in writing:
        if reason := _write_row(kind, step):
            step.outcome, report.reasons[step.key] = Outcome.SKIPPED, reason
    for step in writing:
        if step.outcome is not Outcome.SKIPPED:
            _write_lists(kind, step)
    for step in steps:
        report.keys[step.outcome].append(step.key)
        if not step.is_noted and step.outcome in (
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.UNCHANGED,
        ):
            LoadedRecord.objects.update_or_create(
                key=step.key, defaults={"digest": digest(step.wanted)}
            )


def _plan(kind: Kind, records: list[Record], noted: dict[str, str]) -> Iterator[Step]:
    """The step for every record. All are decided before the first one is written."""
    rows = {record_key(kind, row): row for row in _rows(kind)}
    known = _known_targets(kind, records)
    for record in records:
        key, wanted = record_key(kind, record), wanted_values(kind, record)
        for name in kind.lists:
            # Skip a term that staff have deleted.
            found = [target for target in wanted.pop(name, []) if target in known[name]]
            wanted |= {name: found} if found else {}
        row, last = rows.get(key), noted.get(key)
        stored = digest(stored_values(kind, row)) if row else None
        outcome = _decide(wanted=digest(wanted), stored=stored, last=last)
        yield Step(key, wanted, row, outcome, is_noted=last == digest(wanted))


def _decide(*, wanted: str, stored: str | None, last: str | None) -> Outcome:
    """The outcome, from the digests of the file, of the row, and of the last load (None: there is none)."""
    if stored is None:
        return Outcome.CREATED if last is None else Outcome.DELETED
    if stored == wanted:
        return Outcome.UNCHANGED
    return Outcome.UPDATED if stored == last else Outcome.EDITED


def _rows(kind: Kind) -> Any:
    children = [
        "__".join((rows.accessor, *rows.links)) if rows.links else rows.accessor
        for rows in kind.rows
    ]
    rows = kind.model.objects.prefetch_related(*kind.lists, *children)
    return rows.select_related(*kind.links) if kind.links else rows


def _known_targets(kind: Kind, records: list[Record]) -> dict[str, set[str]]:
    """List → the keys it may contain: those in the database and, for its own kind, those in the files."""
    known = {}
    for name in kind.lists:
        model = _target(kind.model, name)
        known[name] = {natural_key(row) for row in model.objects.all()}
        if model is kind.model:
            known[name] |= {str(record[kind.key[0]]) for record in records}
    return known


def _target(model: type[Model], name: str) -> Any:
    return column(model, name).related_model


def _write_row(kind: Kind, step: Step) -> str:
    """Create or update the row without its lists. Returns the reason if that is impossible, else ""."""
    row = step.row or kind.model()
    for name in kind.columns:
        setattr(row, name, step.wanted.get(name, column(kind.model, name).get_default()))
    try:
        for name in kind.links:
            setattr(row, name, _find(kind.model, name, step.wanted.get(name)))
        for rows in kind.rows:
            for values in step.wanted.get(rows.accessor, []):
                for name in rows.links:
                    _find(rows.model, name, values[name])
        with transaction.atomic():
            row.save()
    except ObjectDoesNotExist as error:
        return str(error)
    except IntegrityError as error:
        return str(error).splitlines()[0]
    step.row = row
    return ""


def _find(model: type[Model], name: str, slug: str | None) -> Any:
    """The record for the foreign key ``name``. Raises ``ObjectDoesNotExist`` if staff have deleted it."""
    if slug is None:
        return None
    target = _target(model, name).objects.filter(slug=slug).first()
    if target is None:
        raise ObjectDoesNotExist(f"„{slug}“ gibt es nicht mehr")
    return target


def _write_lists(kind: Kind, step: Step) -> None:
    for name in kind.lists:
        wanted = set(step.wanted.get(name, []))
        targets = _target(kind.model, name).objects.all()
        getattr(step.row, name).set([row for row in targets if natural_key(row) in wanted])
    for rows in kind.rows:
        _write_rows(rows, step.row, step.wanted.get(rows.accessor, []))


def _write_rows(rows: Rows, record: Model, wanted: list[Values]) -> None:
    """Write the ``wanted`` rows of one record."""
    owner = cast("Any", column(type(record), rows.accessor)).field.name
    own: Any = rows.model._default_manager.filter(**{owner: record})
    present: list[Any] = children(record, rows) if rows.key else []
    there = {_row_key(rows, row): row for row in present}
    kept = {_row_key(rows, values) for values in wanted}
    if not rows.key:
        own.delete()
    for key, row in there.items():
        if key not in kept:
            _delete_unused(row)
    for values in wanted:
        linked = {name: _find(rows.model, name, values[name]) for name in rows.links}
        row = there.get(_row_key(rows, values)) if rows.key else None
        if row is None:
            own.create(**(values | linked | {owner: record}))
            continue
        for name in rows.columns:
            setattr(row, name, values.get(name, column(rows.model, name).get_default()))
        row.save()


def _row_key(rows: Rows, given: Values | Model) -> tuple[Any, ...]:
    get = given.get if isinstance(given, dict) else lambda name: getattr(given, name)
    return tuple(get(name) for name in rows.key)


def _delete_unused(row: Model) -> None:
    """Delete ``row``, unless other records refer to it. If it stays, its record counts as edited."""
    with suppress(ProtectedError), transaction.atomic():
        row.delete()
