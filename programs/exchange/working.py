"""The work on an uploaded list, done by a worker: reading, checking for the preview, taking in.

A job knows only the number of the list and does what its state asks for. So it may run again after a
worker was killed, and twice at once: the step that ends a state finds it only once. No content of a
list gets into a log.
"""

import logging
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pghistory
from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import connection, transaction
from django.utils.translation import gettext as _
from import_export.results import RowResult

from ..models import ListImport
from .alike import Decision
from .columns import Columns, headings_of
from .outcome import digest_of, preview_of
from .reading.bounds import FileProblem
from .reading.files import read_table
from .reading.headings import heading_row
from .reading.table import Table
from .remembering import remember, remembered

logger = logging.getLogger(__name__)
State = ListImport.State
LOGGED_AS = {RowResult.IMPORT_TYPE_NEW: ADDITION, RowResult.IMPORT_TYPE_UPDATE: CHANGE}


class MovedError(Exception):
    """The records have changed since the preview in a way that changes what the list does."""


class OvertakenError(Exception):
    """Another job, or the person, has ended the state meanwhile."""


def work_on(list_import: str) -> None:
    """Do what the list's state asks for; nothing if it is gone or waits for its owner."""
    upload = ListImport.objects.select_related("owner").filter(pk=list_import).first()
    if upload is None or not upload.is_working:
        return
    step = {State.READING: read, State.CHECKING: check, State.TAKING: take}[State(upload.state)]
    with suppress(OvertakenError), pghistory.context(user=upload.owner_id):
        _carefully(step, upload)


def _carefully(step: Callable[[ListImport], None], upload: ListImport) -> None:
    """``step``, with every fault as a sentence for the person."""
    try:
        step(upload)
    except FileProblem as problem:
        _refuse(upload, str(problem))
    except OvertakenError:
        raise
    except Exception as error:  # noqa: BLE001  the person gets a sentence, the log the place
        place = traceback.extract_tb(error.__traceback__)[
            -1
        ]  # without the message, which may quote a row
        kind = type(error).__name__
        logger.error("Import failed: %s in %s, line %s", kind, place.name, place.lineno)
        text = _("Die Liste ließ sich nicht verarbeiten. Bitte laden Sie sie noch einmal hoch.")
        _refuse(upload, text)


def resource_of(upload: ListImport) -> Any:
    """The list as its owner may import it now. Raises :class:`FileProblem`."""
    model_admin: Any = site.get_model_admin(apps.get_model(upload.target))
    if not (upload.owner.is_active and model_admin.may_import(upload.owner)):
        raise FileProblem(_("Sie dürfen diese Liste nicht mehr importieren."))
    return model_admin.import_resource(upload.owner)


def read(upload: ListImport) -> None:
    table = read_table(bytes(upload.data), sheet=upload.sheet, encoding=upload.encoding)
    columns = Columns(resource_of(upload))
    row = heading_row(table.rows, columns.known)
    mapping = columns.guess(headings_of(table, row), remembered(upload))
    _end(upload, State.COLUMNS, table=table.as_json(), heading_row=row, mapping=mapping)


def check(upload: ListImport) -> None:
    """Do everything in a transaction that is rolled back."""
    resource, dataset, result = _run(upload, dry_run=True)
    preview = preview_of(resource, result, dataset)
    unclear = preview["problems"] or preview["undecided"]
    digest = "" if unclear else digest_of(result, dataset)
    _end(upload, State.PREVIEW, preview=preview, digest=digest)


def take(upload: ListImport) -> None:
    """Take in exactly what the preview has shown, or nothing: then there is a new preview."""
    try:
        with transaction.atomic():
            resource, dataset, result = _run(upload, dry_run=False)
            if resource.has_faults(result) or digest_of(result, dataset) != upload.digest:
                raise MovedError
            _log(upload, result)
            remember(upload)
            totals = {kind: result.totals[kind] for kind in ("new", "update", "skip")}
            _end(upload, State.DONE, data=b"", table=None, preview={"totals": totals})
    except MovedError:
        upload.reason = _(
            "Seit der Vorschau hat sich etwas geändert. Es wurde nichts übernommen; das ist die neue "
            "Vorschau."
        )
        check(upload)


def _run(upload: ListImport, *, dry_run: bool) -> tuple[Any, Any, Any]:
    resource = resource_of(upload)
    table = Table.from_json(upload.table or {})
    dataset = Columns(resource).dataset(table, upload.heading_row, upload.mapping)
    resource.hidden_rows = table.hidden_rows
    decisions = (upload.decisions or {}).items()
    resource.decisions = {int(row): Decision.read(text) for row, text in decisions}
    with Progress(upload) as progress:
        resource.on_row = progress
        return resource, dataset, resource.import_data(dataset, dry_run=dry_run)


def _end(upload: ListImport, state: str, **values: Any) -> None:
    """End the state in which ``upload`` was found. Raises :class:`OvertakenError` if it has ended already."""
    new = {"reason": upload.reason, **values, "state": state, "done_rows": 0}
    if not ListImport.objects.filter(pk=upload.pk, state=upload.state).update(**new):
        raise OvertakenError


def _refuse(upload: ListImport, reason: str) -> None:
    """A file from which nothing could be read is not kept."""
    unread = {} if upload.table else {"data": b""}
    _end(upload, State.REFUSED, reason=reason, **unread)


class Progress:
    """Counts the rows in a connection of its own: nobody sees into the transaction of the work."""

    SECONDS = 1.0

    def __init__(self, upload: ListImport) -> None:
        self.pk = upload.pk
        self.connection = connection.copy()
        self.next = time.monotonic() + self.SECONDS

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *args: object) -> None:
        self.connection.close()

    def __call__(self, row: int) -> None:
        if (now := time.monotonic()) < self.next:
            return
        self.next = now + self.SECONDS
        table = ListImport._meta.db_table
        with self.connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET done_rows = %s WHERE id = %s", [row, self.pk])  # noqa: S608


def _log(upload: ListImport, result: Any) -> None:
    """One entry in the admin log for each new or changed record."""
    for import_type, flag in LOGGED_AS.items():
        rows = [row.instance for row in result if row.import_type == import_type]
        LogEntry.objects.log_actions(upload.owner_id, rows, flag, change_message="Import")
