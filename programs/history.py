"""Change history: who changed what and when, written by database triggers (django-pghistory).

Every change of a row (by a form, a bulk update or direct SQL) writes a row into the table
``<model>history`` in the same transaction. That row contains the values and who made the change, if
known: the primary key of the account or the name of a job, never an address or a token.

The history is kept longer than the record. So **no data about a person may get into it**: a model
with personal data lists the columns to keep (``fields``), and the columns of which only the fact of a
change is kept, without values (``personal``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.db.migrations import RunPython
from django.http import HttpRequest
from pghistory import middleware

PERSON_CHANGED = "person"
"""Label of a row that records a change of personal columns, without their values."""

_M = TypeVar("_M", bound=type[models.Model])


def tracked(
    *,
    fields: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    personal: Iterable[str] = (),
    part_of: str = "",
) -> Callable[[_M], _M]:
    """Class decorator: keep the history of ``fields``, or of all own columns of the model except ``exclude``.

    A change of ``personal`` columns writes a row with the label :data:`PERSON_CHANGED`, without their
    values. ``part_of`` names the foreign key to a record whose history page also shows these changes.
    """
    trackers: list[Any] = [
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
    ]
    if names := list(personal):
        condition = pgtrigger.AnyChange(*names)
        trackers.append(pghistory.UpdateEvent(PERSON_CHANGED, condition=condition))

    def track(model: _M) -> _M:
        # Its own dictionary; otherwise a child model would share that of its parent model.
        model.pgh_event_models = {}  # type: ignore[attr-defined]  # django-pghistory adds it
        pghistory.track(
            *trackers,
            fields=None if fields is None else list(fields),
            exclude=list(exclude),
            obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+"),
            context_field=pghistory.ContextJSONField(),
            model_name=f"{model.__name__}History",
            meta={"default_permissions": ()},
        )(model)
        TRACKED[model] = part_of
        return model

    return track


TRACKED: dict[type[models.Model], str] = {}
"""Every model with a history → name of the foreign key to the record it is part of, or ""."""


def table_of(model: type[models.Model]) -> type[models.Model]:
    """The history model of ``model``, which must be decorated with :func:`tracked`."""
    found: type[models.Model] = model.pgh_event_models["insert"]  # type: ignore[attr-defined]  # django-pghistory adds it
    return found


class HistoryMiddleware(middleware.HistoryMiddleware):
    """Adds only the account of the request to the history, nothing else about the request.

    It ignores requests that change nothing (``PGHISTORY_MIDDLEWARE_METHODS``), so public pages do no
    extra work. None means a person without an account, who used a public form or a mailed link.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk}


@contextmanager
def by_portal(job: str) -> Iterator[None]:
    """Context manager and decorator: changes in the block are made by the portal itself, in ``job``."""
    with pghistory.context(job=job):
        yield


SNAPSHOT = "snapshot"
"""Label of rows that were copied when the history of a table began."""


def begin_history(app_label: str, *names: str) -> RunPython:
    """Migration operation: copy existing rows into the history, so that the first change has old values."""

    def fill(apps: Any, schema_editor: Any) -> None:
        quote = schema_editor.quote_name
        for name in names:
            model = apps.get_model(app_label, name)
            history = apps.get_model(app_label, f"{name}History")
            kept = [f.column for f in history._meta.local_fields if not f.name.startswith("pgh_")]
            columns = ", ".join(map(quote, kept))
            schema_editor.execute(
                f"INSERT INTO {quote(history._meta.db_table)}"  # noqa: S608  names of our own models
                f" (pgh_created_at, pgh_label, pgh_obj_id, {columns})"
                f" SELECT now(), '{SNAPSHOT}', {quote(model._meta.pk.column)}, {columns}"
                f" FROM {quote(model._meta.db_table)}"
            )

    return RunPython(fill, RunPython.noop)
