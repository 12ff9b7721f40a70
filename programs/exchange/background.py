"""Large exports: ordered in a request, made by a worker, kept in the database until they expire."""

import logging
import tempfile
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Any, cast

from django.apps import apps
from django.contrib.admin import site
from django.db import IntegrityError, transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from ..jobs import job
from ..models import ExportFile, ExportPart, Membership
from ..requests import request_for
from ..seeing import permission
from ..tracing import carried
from . import sheets
from .sending import ExportSite
from .sheets import Row, TooManyRowsError
from .writers import EXPORT_FORMATS

if TYPE_CHECKING:
    from volunteers.models import User

logger = logging.getLogger(__name__)

MAKE_TASK = "make_export"
TRIES = 3
"""A worker that is killed three times while it makes a file does not begin again."""
PART_BYTES = 512 * 1024
TOLD_EVERY = 1000
"""After so many rows the progress is stored; a withdrawn export ends there."""
KEPT_FILES = 3
"""A person's newest files; older ones are deleted when another one is ordered."""


class WithdrawnError(Exception):
    """The person has withdrawn the export, or it is deleted for another reason."""


def permission_of(file: ExportFile) -> str:
    return permission("export", apps.get_model(file.model))


def accesses_with(user: "User", perm: str) -> set[int]:
    """The memberships through which ``user`` has ``perm`` today."""
    held = Membership.objects.active().held_by(user.limited_to(perm))
    return set(held.values_list("pk", flat=True))


def may_have(file: ExportFile, user: "User") -> bool:
    """Whether ``user`` may still export everything that is in the file."""
    if file.of_all and not user.is_superuser:
        return False
    needed = permission_of(file)
    return user.has_perm(needed) and set(file.through) <= accesses_with(user, needed)


def order(*, by: "User", **what: Any) -> ExportFile:
    """Have a file made; ``what`` are fields of :class:`ExportFile`.

    Somebody whose export is not finished gets that one, whatever else they order meanwhile.
    """
    file = ExportFile(by=by, of_all=by.is_superuser, **what)
    file.through = sorted(accesses_with(by, permission_of(file)))
    try:
        with transaction.atomic():
            file.save()
            job(MAKE_TASK, queue="jobs", lock="exports").defer(file_id=file.pk, **carried())
    except IntegrityError:
        return ExportFile.objects.filter(by=by).latest("pk")
    old = ExportFile.objects.filter(by=by).order_by("-pk")[KEPT_FILES:]
    ExportFile.objects.filter(pk__in=[one.pk for one in old]).withdraw()
    return file


def make(file_id: int, *, attempt: int) -> None:
    """Make the file. It may begin again from the start; a failure is stored and logged."""
    file = ExportFile.objects.unfinished().select_related("by").filter(pk=file_id).first()
    if file is None:
        return
    try:
        if attempt >= TRIES or not may_have(file, file.by):
            _fail(file)
        else:
            _make(file)
    except TooManyRowsError:
        logger.info("Export %s has more rows than a sheet", file.pk)
        _fail(file, total=Greatest("total", sheets.MOST_ROWS + 1))
    except WithdrawnError:
        logger.info("Export %s was withdrawn", file.pk)
    except Exception:
        logger.exception("Export %s failed", file.pk)
        _fail(file)


def _fail(file: ExportFile, **values: Any) -> None:
    ExportFile.objects.filter(pk=file.pk).update(status=ExportFile.Status.FAILED, **values)


def is_too_long(file: ExportFile) -> bool:
    """Whether the file was not made because its format has no room for so many rows."""
    failed = file.status == ExportFile.Status.FAILED
    return failed and not EXPORT_FORMATS[file.format].holds(file.total)


def _make(file: ExportFile) -> None:
    admin: Any = site.get_model_admin(apps.get_model(file.model))
    rows, lines = admin.asked_for(request_for(file.by, file.query), file)
    fmt, total = EXPORT_FORMATS[file.format], rows.count()
    _tell(file, status=ExportFile.Status.RUNNING, rows=0, total=total)
    if not (fmt.holds(total) or file.letters):  # of several people at one address is one letter
        raise TooManyRowsError
    with tempfile.TemporaryFile() as content:
        count = fmt.write(content, _told(file, lines))
        size = content.tell()
        content.seek(0)
        _keep(file, content, rows=count, size=size)


def _told(file: ExportFile, rows: Iterator[Row]) -> Iterator[Row]:
    """Passes the rows on, and stores how many there were."""
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            _tell(file, rows=number)
        yield row


def _tell(file: ExportFile, **values: Any) -> None:
    """Raises :class:`WithdrawnError` if the export is gone or finished."""
    if not ExportFile.objects.unfinished().filter(pk=file.pk).update(**values):
        raise WithdrawnError


def _keep(file: ExportFile, content: IO[bytes], *, rows: int, size: int) -> None:
    """Store the content, then log the export and open the file.

    Each transaction begins by locking the file and is short: whoever deletes the file waits for one
    part at most, and no part comes after that.
    """
    file.parts.all().delete()
    for number, data in enumerate(iter(partial(content.read, PART_BYTES), b"")):
        with transaction.atomic():
            _tell(file, rows=rows)
            ExportPart.objects.create(file=file, number=number, data=data)
    done = ExportFile.Status.DONE
    with transaction.atomic():
        _tell(file, status=done, rows=rows, size=size, finished_at=timezone.now())
        cast("ExportSite", site).record_export(
            by=file.by,
            what=file.what,
            purpose=file.purpose,
            filter_text=file.filter,
            file_format=file.format,
            rows=rows,
        )


def parts_of(file: ExportFile) -> Iterator[bytes]:
    """The content, one part at a time, without a transaction that waits for a slow reader."""
    for number in sorted(file.parts.values_list("number", flat=True)):
        yield bytes(file.parts.values_list("data", flat=True).get(number=number))


def delete_expired() -> int:
    """Delete files whose link has expired, made or not; returns how many."""
    return ExportFile.objects.expired().withdraw()
