"""The formats of exports. Every writer consumes a generator of rows and holds few of them in memory.

tablib (the default of django-import-export) holds the whole list in memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from .cells import as_text, neutralised
from .sheets import Row
from .writing_ods import ODS_TYPE, write_ods
from .writing_xlsx import XLSX_TYPE, write_xlsx


@dataclass(frozen=True)
class ExportFormat:
    """One file format. ``write(file, rows)`` returns the number of rows without the headings."""

    key: str
    label: str
    content_type: str
    write: Callable[[IO[bytes], Iterable[Row]], int]


def csv_chunks(rows: Iterable[Row]) -> Iterator[bytes]:
    """Lines of a CSV file that a German Excel opens directly: semicolons, UTF-8 with BOM, CRLF."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _csv_cell(value: Any) -> str:
    return neutralised(value) if isinstance(value, str) else as_text(value)


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> int:
    lines = -2  # the BOM and the headings
    for chunk in csv_chunks(rows):
        file.write(chunk)
        lines += 1
    return max(lines, 0)


EXPORT_FORMATS = {
    "xlsx": ExportFormat("xlsx", "Excel (XLSX)", XLSX_TYPE, write_xlsx),
    "ods": ExportFormat("ods", "LibreOffice (ODS)", ODS_TYPE, write_ods),
    "csv": ExportFormat("csv", "CSV", "text/csv; charset=utf-8", write_csv),
}
