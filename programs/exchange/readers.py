"""Reads an uploaded file into headings and numbered rows, or raises one sentence with the reason why not.

The format is detected from the content, not from the name. A formula is read as its result. A formula
without a stored result is read as its text.
"""

import csv
import datetime
import io
import itertools
import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import openpyxl
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from .cells import as_text, as_typed, tidy, tidy_lines

logger = logging.getLogger(__name__)

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
"""Maximum unpacked size of a packed file in bytes; a larger one is a zip bomb or a mistake."""
MAX_ROWS = 2000
"""Maximum rows of one import. A longer list must be split, so that the request does not time out."""
MAX_COLUMNS = 100
EMPTY_ROWS_AT_END = 200
"""After this many empty rows reading stops, because Excel often stores a million of them."""

Cells = list[Any]


class FileProblem(Exception):
    """The file as a whole cannot be read; ``str()`` is the sentence for the person."""


@dataclass(frozen=True)
class Sheet:
    """``rows``: pairs of row number (as the spreadsheet shows it) and cells. Empty rows are left out."""

    headings: list[str]
    rows: list[tuple[int, Cells]]


def read_sheet(data: bytes) -> Sheet:
    """The first sheet of a file. Raises :class:`FileProblem`."""
    if not data:
        raise FileProblem(_("Die Datei ist leer."))
    if len(data) > MAX_BYTES:
        raise FileProblem(_("Die Datei ist größer als 5 MB. Bitte teilen Sie die Liste."))
    reader = _reader_for(data)
    try:
        return _as_sheet(reader(data))
    except FileProblem:
        raise
    except Exception as error:
        # The parsers of these formats can raise any exception.
        logger.info("unreadable import file: %r", error)
        raise FileProblem(
            _(
                "Die Datei ist beschädigt oder verschlüsselt. Bitte öffnen und speichern Sie sie neu."
            )
        ) from error


def _reader_for(data: bytes) -> Callable[[bytes], Iterable[Cells]]:
    """The reader for the format of ``data``, detected from its first bytes."""
    if data.startswith(b"PK\x03\x04"):
        return _packed_reader(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileProblem(
            _(
                "Das ist das alte Excel-Format (.xls) oder eine Datei mit Kennwort. "
                "Bitte in Excel mit «Speichern unter» als .xlsx ohne Kennwort speichern."
            )
        )
    known = (
        b"%PDF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"{\\rtf",
        b"<!DOCTYPE",
        b"<html",
        b"\x1f\x8b",
    )
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if data.lstrip().startswith(known) or (b"\x00" in data and not is_utf16):
        raise _not_a_table()
    return _csv_rows


def _packed_reader(data: bytes) -> Callable[[bytes], Iterable[Cells]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise FileProblem(
            _("Die Datei ist unvollständig. Bitte laden Sie sie noch einmal hoch.")
        ) from error
    if unpacked > MAX_UNPACKED:
        raise FileProblem(_("Die Datei ist ausgepackt zu groß. Bitte teilen Sie die Liste."))
    if "xl/workbook.xml" in names:
        return _xlsx_rows
    if "content.xml" in names:
        return _ods_rows
    raise _not_a_table()


def _not_a_table() -> FileProblem:
    return FileProblem(
        _("Diese Datei ist keine Tabelle. Möglich sind Excel (.xlsx), LibreOffice (.ods) und CSV.")
    )


def _as_sheet(lines: Iterable[Cells]) -> Sheet:
    """Headings from the first line that is not empty; the other lines become rows. Text is tidied."""
    numbered = enumerate(lines, 1)
    headings: list[str] = []
    for _number, cells in numbered:
        headings = [tidy(as_text(cell)) for cell in cells[:MAX_COLUMNS]]
        if any(headings):
            break
    if not any(headings):
        raise FileProblem(_("Die Datei ist leer."))
    rows = list(itertools.islice(_filled(numbered), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        text = _("Die Liste hat mehr als %(count)d Zeilen. Bitte teilen Sie sie auf.")
        raise FileProblem(text % {"count": MAX_ROWS})
    if not rows:
        raise FileProblem(_("Unter den Überschriften steht keine Zeile."))
    return Sheet(headings, rows)


def _filled(numbered: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    empty = 0
    for number, cells in numbered:
        values = [_tidied(cell) for cell in cells[:MAX_COLUMNS]]
        if any(value != "" for value in values):
            empty = 0
            yield number, values
        elif (empty := empty + 1) > EMPTY_ROWS_AT_END:
            return


def _tidied(cell: Any) -> Any:
    if cell is None:
        return ""
    return tidy_lines(as_typed(cell)) if isinstance(cell, str) else cell


# --- CSV ------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> Iterator[Cells]:
    text = _decoded(data)
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):  # Excel's own hint
        delimiter, text = first.strip()[4:5], rest
    else:
        delimiter = max(";,\t", key=first.count)
    return (list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decoded(data: bytes) -> str:
    """Decodes UTF-16 with a BOM, else UTF-8, else cp1252, which Excel writes on German Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# --- XLSX -----------------------------------------------------------------------------------


def _xlsx_rows(data: bytes) -> Iterator[Cells]:
    shown, written = (_xlsx_sheet(data, data_only=flag) for flag in (True, False))
    for values, formulas in itertools.zip_longest(shown, written, fillvalue=()):
        pairs = itertools.zip_longest(values, formulas)
        yield [_formula_text(formula) if value is None else value for value, formula in pairs]


def _formula_text(cell: Any) -> Any:
    return getattr(cell, "text", cell)  # openpyxl returns array formulas as objects


def _xlsx_sheet(data: bytes, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some programs write wrong dimensions; then cells would be missing
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return rows


# --- ODS ------------------------------------------------------------------------------------

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _ods_rows(data: bytes) -> Iterator[Cells]:
    """Rows of the first sheet. A repeated row is yielded several times, ``MAX_ROWS + 1`` at most."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
        for _event, element in iterparse(content, events=("end",)):
            if element.tag == f"{_TABLE}table":
                return
            if element.tag != f"{_TABLE}table-row":
                continue
            cells = list(_ods_cells(element))
            repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            element.clear()
            yield from itertools.repeat(cells, min(repeated, MAX_ROWS + 1))


def _ods_cells(row: Element) -> Iterator[Any]:
    count = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        repeated = min(repeated, MAX_COLUMNS - count)
        count += repeated
        yield from itertools.repeat(_ods_value(cell), repeated)


def _ods_value(cell: Element) -> Any:
    match cell.get(f"{_OFFICE}value-type"):
        case "date":
            value = cell.get(f"{_OFFICE}date-value", "")
            moment = datetime.datetime.fromisoformat(value)
            return moment if "T" in value else moment.date()
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        case "float" | "currency" | "percentage":
            return float(cell.get(f"{_OFFICE}value", "0"))
    text = "\n".join(_ods_text(p) for p in cell.findall(f"{_TEXT}p"))
    return text or cell.get(f"{_TABLE}formula", "").removeprefix("of:")


def _ods_text(paragraph: Element) -> str:
    """The text of a paragraph. ODS stores repeated spaces, tabs and line breaks as elements."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 100))
        elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            parts.append("\t" if child.tag.endswith("tab") else "\n")
        elif not child.tag.startswith(_OFFICE):  # comments
            parts.append(_ods_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
