"""Sends a list as a file, and writes the log of exports."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.text import slugify

from ..requests import UserRequest
from ..slugs import GERMAN
from .forms import ExportForm
from .sheets import Row
from .writers import EXPORT_FORMATS


@dataclass(frozen=True)
class Sheet:
    """The list to send: its name, its filter in words, and its lines (headings first, then safe cells)."""

    what: str
    filter_text: str
    lines: Iterable[Row]


class ExportSite(Protocol):
    """The admin site, which writes the log of exports."""

    def each_context(self, request: HttpRequest) -> dict[str, Any]: ...

    def record_export(
        self,
        request: UserRequest,
        *,
        what: str,
        purpose: str,
        filter_text: str,
        file_format: str,
        rows: int,
    ) -> None: ...


def _extend_timeout() -> None:
    """Set the longer statement timeout for exports, until the transaction ends."""
    with connection.cursor() as cursor:
        limit = f"{settings.EXPORT_STATEMENT_SECONDS}s"
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])


def send_file(
    request: UserRequest, site: ExportSite, form: ExportForm, sheet: Sheet
) -> FileResponse:
    """Send ``sheet`` as a file. Format and purpose come from the valid ``form``; ``site`` writes the log.

    One transaction reads the rows into an anonymous temporary file and writes the log entry. The
    response starts after the commit. So every sent list has a log entry with the correct number of
    rows, an error sends no incomplete file, and memory holds only one chunk of rows.
    """
    fmt = EXPORT_FORMATS[form.cleaned_data["format"]]
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    try:
        with transaction.atomic():
            _extend_timeout()
            count = fmt.write(file, sheet.lines)
            site.record_export(
                request,
                what=sheet.what,
                purpose=form.cleaned_data["purpose"],
                filter_text=sheet.filter_text,
                file_format=fmt.key,
                rows=count,
            )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{slugify(sheet.what.translate(GERMAN))}-{timezone.localdate():%Y-%m-%d}.{fmt.key}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=fmt.content_type)
    response["Cache-Control"] = "private, no-store"
    return response
