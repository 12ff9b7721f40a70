"""Change history: who changed what when, written by triggers (django-pghistory).

Whatever changes a row, a form, a bulk update or direct SQL, leaves a row in the table
``<model>history`` beside it, in the same transaction. Beside the values stands who it was, as far
as the portal knows: the number of the account, or the name of a job; never an address or a token.

History outlives the record, so **nothing about a person may get into it**: models with people in
them name the columns that are kept (``fields``) and those whose change is told without what they
held (``personal``).
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
"""Label of a change that is told without what was changed."""

_M = TypeVar("_M", bound=type[models.Model])


def tracked(
    *,
    fields: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    personal: Iterable[str] = (),
    part_of: str = "",
) -> Callable[[_M], _M]:
    """Keep the history of a model: of ``fields``, or of all its own columns but ``exclude``.

    A change of ``personal`` leaves a row with the label :data:`PERSON_CHANGED`, without old or new values.
    ``part_of`` is the foreign key to the record on whose page these changes are shown, too.
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
        # Of its own, else the tables of a parent and its children share one.
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
        PARTS[model] = part_of
        return model

    return track


PARTS: dict[type[models.Model], str] = {}
"""Every model with a history → the foreign key to what it is a part of, if any."""


def table_of(model: type[models.Model]) -> type[models.Model]:
    """The history of ``model``; raises ``KeyError`` for one without."""
    found: type[models.Model] = model.pgh_event_models["insert"]  # type: ignore[attr-defined]  # django-pghistory adds it
    return found


class HistoryMiddleware(middleware.HistoryMiddleware):
    """Says which account a request belongs to, and nothing else of it.

    Only requests that may change something are looked at (``PGHISTORY_MIDDLEWARE_METHODS``), so public
    pages cost nothing. No account means a person without one: a public form or a link from a mail.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": request.user.pk}


@contextmanager
def by_portal(job: str) -> Iterator[None]:
    """Changes within are the portal's own work, for the reason ``job``; also a decorator."""
    with pghistory.context(job=job):
        yield


SNAPSHOT = "snapshot"
"""Label of what stood in a table when its history began."""


def begin_history(app_label: str, *names: str) -> RunPython:
    """Operation of a migration: keep the rows that are there, so that the first change has an «old»."""

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
