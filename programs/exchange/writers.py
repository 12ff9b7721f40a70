"""The formats of exports. Every writer consumes a generator of rows and holds few of them in memory.

tablib (the default of django-import-export) holds the whole list in memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from . import sheets
from .cells import as_text, neutralised
from .sheets import Counted, Row
from .writing_ods import ODS_TYPE, write_ods
from .writing_xlsx import XLSX_TYPE, write_xlsx


@dataclass(frozen=True)
class ExportFormat:
    """One file format. ``write(file, rows)`` returns the number of rows without the headings."""

    key: str
    label: str
    content_type: str
    write: Callable[[IO[bytes], Iterable[Row]], int]
    is_sheet: bool = True

    def holds(self, rows: int) -> bool:
        """Whether a file has room for so many; of a sheet, what is more raises :class:`TooManyRowsError`."""
        return not self.is_sheet or rows <= sheets.MOST_ROWS


SENT_BYTES = 32 * 1024
"""A CSV file goes out in pieces of about this size; its headings go first, alone."""


def csv_chunks(rows: Iterable[Row]) -> Iterator[bytes]:
    """A CSV file that a German Excel opens directly: semicolons, UTF-8 with BOM, CRLF."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for number, row in enumerate(rows):
        # A text that begins with a letter or a figure is no formula; that is nearly every cell.
        writer.writerow(
            [
                one if type(one) is str and (not one or one[0].isalnum()) else _csv_cell(one)
                for one in row
            ]
        )
        if number == 0 or buffer.tell() >= SENT_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(value: Any) -> str:
    return neutralised(value) if isinstance(value, str) else as_text(value)


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> int:
    counted = Counted(rows)
    for chunk in csv_chunks(counted):
        file.write(chunk)
    return counted.count


EXPORT_FORMATS = {
    "xlsx": ExportFormat("xlsx", "Excel (XLSX)", XLSX_TYPE, write_xlsx),
    "ods": ExportFormat("ods", "LibreOffice (ODS)", ODS_TYPE, write_ods),
    "csv": ExportFormat("csv", "CSV", "text/csv; charset=utf-8", write_csv, is_sheet=False),
}
