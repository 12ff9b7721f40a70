"""Which operations of a migration the release before survives, and which hold no lock for long.

While a release goes out, the one before still runs on the new schema (CONTRIBUTING, „Change the
database“). django-migration-linter reads the SQL of a migration with regular expressions; it takes a
default of any operation for that of every other, and knows neither constraints nor rewrites. So the
operations themselves are asked here.

A migration that breaks a rule for a reason says so: ``safe_because = "…"`` on its class.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from tests.release import releases

HARMLESS = (
    operations.CreateModel,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.RemoveIndex,
    operations.RemoveConstraint,
    postgres.AddIndexConcurrently,
    postgres.AddConstraintNotValid,
    postgres.ValidateConstraint,
    postgres.CreateExtension,
    AddTrigger,
    RemoveTrigger,
)
"""New tables and triggers, and what needs a lock for a moment only."""
NEEDED = (
    operations.DeleteModel,
    operations.RenameModel,
    operations.RemoveField,
    operations.RenameField,
    operations.AlterModelTable,
)
IN_SQL = re.compile(
    r"\bDROP\s+(?:TABLE|COLUMN)|\bRENAME\b|\bSET\s+NOT\s+NULL|\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE"
    r"|\bLOCK\s+TABLE|\bINDEX\s+(?!CONCURRENTLY|ON\b)|^\s*UPDATE\b|\bADD\s+CONSTRAINT(?![^;]*NOT\s+VALID)",
    re.IGNORECASE | re.MULTILINE,
)


def last_release(loader: MigrationLoader) -> dict[str, str]:
    """App → last migration of the newest release that has fewer migrations than this tree."""
    for last in reversed(list(releases().values())):
        if any(node not in last.items() for node in loader.graph.leaf_nodes() if node[0] in last):
            return last
    return next(iter(releases().values()))


def since(loader: MigrationLoader, last: dict[str, str]) -> list[Migration]:
    """Migrations of the portal's apps that came after ``last``, in order."""
    known = {node for leaf in last.items() for node in loader.graph.forwards_plan(leaf)}
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        if leaf[0] in last:
            plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return [loader.get_migration(*node) for node in plan if node not in known and node[0] in last]


class Checker:
    """Walks through migrations in order and remembers what is new since the release."""

    def __init__(self, state: ProjectState) -> None:
        self.state = state
        self.new: set[tuple[str, ...]] = set()

    def findings(self, migration: Migration) -> Iterator[str]:
        found = list(self._operations(migration.app_label, migration.operations))
        if not getattr(migration, "safe_because", ""):
            yield from (f"{migration}: {one}" for one in found)

    def _operations(self, app: str, listed: list[Any]) -> Iterator[str]:
        for operation in listed:
            if isinstance(operation, operations.SeparateDatabaseAndState):
                yield from self._operations(app, operation.database_operations)
                operation.state_forwards(app, self.state)
                continue
            before = self.state.clone()
            operation.state_forwards(app, self.state)
            yield from self._of(operation, app, before)

    def _of(self, operation: Operation, app: str, before: ProjectState) -> Iterator[str]:
        model = (app, str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower())
        field = (*model, getattr(operation, "name", ""))
        if isinstance(operation, operations.CreateModel):
            self.new.add(model)
        elif not isinstance(operation, HARMLESS) and not self.new & {model, field}:
            old = before.models[model].fields.get(field[-1]) if model in before.models else None
            yield from (f"{operation.describe()}: {why}" for why in reasons(operation, old))
        if isinstance(operation, operations.AddField):
            self.new.add(field)


def reasons(operation: Operation, old: Any) -> Iterator[str]:
    """Why an operation on a released table is not safe; ``old`` is the field before it."""
    match operation:
        case operations.AddField():
            yield from added(operation.field)
        case operations.AlterField():
            yield from altered(old, operation.field)
        case operations.AddIndex():
            yield "takes AddIndexConcurrently"
        case operations.AddConstraint():
            is_check = isinstance(operation.constraint, models.CheckConstraint)
            way = "AddConstraintNotValid and ValidateConstraint" if is_check else "a reason"
            yield f"reads the whole table under a lock; takes {way}"
        case operations.RunSQL():
            yield from (f"has {words}" for words in IN_SQL.findall(str(operation.sql)))
        case _:
            needed = isinstance(operation, NEEDED)
            yield "the release before needs it" if needed else "nobody can see whether it is safe"


def added(field: Any) -> Iterator[str]:
    """Why a new column is none for the release before, or rewrites the table."""
    if field.many_to_many:
        return
    if field.generated:
        yield "a stored column rewrites the table"
    elif field.db_default is NOT_PROVIDED and not field.null:
        yield "may not be null and has no db_default"
    elif hasattr(field.db_default, "resolve_expression") and not isinstance(
        field.db_default, models.Value | models.functions.Now
    ):
        yield "a default that is computed rewrites the table"
    if field.unique:
        yield "a unique column is built under a lock"


def altered(old: Any, new: Any) -> Iterator[str]:
    """Why a changed column breaks the release before, or rewrites the table."""
    if old.null and not new.null:
        yield "the release before may leave it null"
    if old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED:
        yield "takes its db_default away"
    if (new.unique, new.db_index) > (old.unique, old.db_index):
        yield "its index is built under a lock"
    kinds = (old.get_internal_type(), new.get_internal_type())
    shorter = (new.max_length or 0) < (old.max_length or 0)
    grows = kinds[0] == kinds[1] and not (shorter and kinds[0] == "CharField")
    if not grows and kinds != ("CharField", "TextField"):
        yield "another type rewrites the table"
