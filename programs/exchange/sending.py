"""Sends a list as a file, and writes the log of exports."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from ..requests import UserRequest
from ..slugs import GERMAN
from .forms import ExportForm
from .sheets import Counted, Row
from .writers import EXPORT_FORMATS, csv_chunks

if TYPE_CHECKING:
    from volunteers.models import User


@dataclass(frozen=True)
class Sheet:
    """The list to send: its name, its filter in words, and its lines (headings first, then cells).

    ``count`` is the number of rows, if it is known before they are read.
    """

    what: str
    filter_text: str
    lines: Iterable[Row]
    count: int | None = None


class Logged(Protocol):
    """The entry in the log of exports."""

    rows: int

    def save(self, *, update_fields: list[str]) -> None: ...


class ExportSite(Protocol):
    """The admin site, which writes the log of exports."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]: ...

    def record_export(
        self,
        *,
        by: "User",
        what: str,
        purpose: str,
        filter_text: str,
        file_format: str,
        rows: int,
    ) -> Logged: ...


def file_name(what: str, file_format: str) -> str:
    return f"{slugify(what.translate(GERMAN))}-{timezone.localdate():%Y-%m-%d}.{file_format}"


def _extend_timeout() -> None:
    """Set the longer statement timeout for exports, until the transaction ends."""
    with connection.cursor() as cursor:
        limit = f"{settings.EXPORT_STATEMENT_SECONDS}s"
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])


def send_file(
    request: UserRequest, site: ExportSite, form: ExportForm, sheet: Sheet
) -> StreamingHttpResponse:
    """Send ``sheet`` as a file. Format and purpose come from the valid ``form``; ``site`` writes the log."""
    log = Log(request, site, form, sheet)
    fmt = EXPORT_FORMATS[form.cleaned_data["format"]]
    name = file_name(sheet.what, fmt.key)
    if fmt.key == "csv" and sheet.count is not None:
        response = StreamingHttpResponse(_streamed(log, sheet), content_type=fmt.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(
            _written(log, sheet), as_attachment=True, filename=name, content_type=fmt.content_type
        )
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class Log:
    """Writes the entry of one export."""

    request: UserRequest
    site: ExportSite
    form: ExportForm
    sheet: Sheet

    def write(self, rows: int) -> Logged:
        return self.site.record_export(
            by=self.request.user,
            what=self.sheet.what,
            purpose=self.form.cleaned_data["purpose"],
            filter_text=self.sheet.filter_text,
            file_format=self.form.cleaned_data["format"],
            rows=rows,
        )


def _streamed(log: Log, sheet: Sheet) -> Iterator[bytes]:
    """The CSV file piece by piece, as the rows are read.

    The log entry is written (and committed) before the first piece. It is corrected at the end if
    records have come or gone since they were counted. An error ends the response without its last
    piece, so that the browser knows that the file is incomplete.
    """
    entry = log.write(sheet.count or 0)
    counted = Counted(sheet.lines)

    def pieces() -> Iterator[bytes]:
        with transaction.atomic():
            _extend_timeout()
            yield from csv_chunks(counted)
            if counted.count != entry.rows:
                entry.rows = counted.count
                entry.save(update_fields=["rows"])

    return pieces()


def _written(log: Log, sheet: Sheet) -> IO[bytes]:
    """The file, complete.

    One transaction reads the rows into an anonymous temporary file and writes the log entry. So
    every sent list has a log entry with the correct number of rows, an error sends no incomplete
    file, and memory holds only one chunk of rows.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    try:
        with transaction.atomic():
            _extend_timeout()
            fmt = EXPORT_FORMATS[log.form.cleaned_data["format"]]
            log.write(fmt.write(file, sheet.lines))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
