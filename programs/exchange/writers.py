"""Write rows into files. Every writer consumes a generator and holds one row in memory.

tablib (the default of django-import-export) and odfpy hold the whole list in memory, and odfpy needs
minutes for an ODS file of 10,000 people. So this module writes the little XML that an ODS sheet needs.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .cells import as_text

Row = Sequence[Any]
SHEET_NAME = "Liste"


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
        writer.writerow([as_text(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> int:
    lines = -2  # the BOM and the headings
    for chunk in csv_chunks(rows):
        file.write(chunk)
        lines += 1
    return max(lines, 0)


def write_xlsx(file: IO[bytes], rows: Iterable[Row]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET_NAME)
    sheet.freeze_panes = "A2"
    count = -1
    for row in rows:
        bold = count < 0
        sheet.append([_xlsx_cell(sheet, value, bold=bold) for value in row])
        count += 1
    book.save(file)
    return max(count, 0)


def _xlsx_cell(sheet: Any, value: Any, *, bold: bool) -> Any:
    """A plain value is returned unchanged. Only headings and dates need a cell object with a format."""
    if not bold and not isinstance(value, datetime.date):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if bold:
        cell.font = Font(bold=True)
    elif isinstance(value, datetime.datetime):
        cell.number_format = "DD.MM.YYYY HH:MM"
    else:
        cell.number_format = "DD.MM.YYYY"
    return cell


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{ODS_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2">
<office:automatic-styles>
<number:date-style style:name="day"><number:day number:style="long"/><number:text>.</number:text>
<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="time"><number:day number:style="long"/><number:text>.</number:text>
<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>
<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>
<number:minutes number:style="long"/></number:date-style>
<style:style style:name="day-cell" style:family="table-cell" style:data-style-name="day"/>
<style:style style:name="time-cell" style:family="table-cell" style:data-style-name="time"/>
<style:style style:name="head-cell" style:family="table-cell">
<style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name=%s>"""
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write_ods(file: IO[bytes], rows: Iterable[Row]) -> int:
    count = -1
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write((_HEAD % quoteattr(SHEET_NAME)).encode())
            for row in rows:
                cells = "".join(_ods_cell(value, head=count < 0) for value in row)
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
                count += 1
            content.write(_TAIL.encode())
    return max(count, 0)


def _ods_cell(value: Any, *, head: bool) -> str:
    if value == "":
        return "<table:table-cell/>"
    shown = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in as_text(value).split("\n"))
    if isinstance(value, (datetime.date, datetime.datetime)):
        style = "time" if isinstance(value, datetime.datetime) else "day"
        kind = f'table:style-name="{style}-cell" office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    style_name = ' table:style-name="head-cell"' if head else ""
    return f"<table:table-cell{style_name} {kind}>{shown}</table:table-cell>"


def _ods_text(line: str) -> str:
    """``line`` as XML text that keeps repeated spaces and tabs."""
    text = escape(line.rstrip("\r")).replace("\r", " ").replace("\t", "<text:tab/>")
    return text.replace("  ", '<text:s text:c="2"/>')


EXPORT_FORMATS = {
    "xlsx": ExportFormat(
        "xlsx",
        "Excel (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_xlsx,
    ),
    "ods": ExportFormat("ods", "LibreOffice (ODS)", ODS_TYPE, write_ods),
    "csv": ExportFormat("csv", "CSV", "text/csv; charset=utf-8", write_csv),
}
