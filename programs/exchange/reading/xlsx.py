"""Excel workbooks, read element by element.

openpyxl builds a whole row before it hands it out, so one row of five million cells takes gigabytes; it
reads a formula or its result, not both; and it refuses workbooks whose styles other programs wrote
carelessly. It still knows which formats are dates and how dates are counted.
"""

import datetime
import posixpath
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from .bounds import (
    MAX_CELLS,
    MAX_CELLS_IN_A_ROW,
    MAX_COLUMNS,
    MAX_SHEETS,
    Packed,
    plain,
    too_many_columns,
    too_many_rows,
)
from .cells import BadCell, Lost, number
from .table import Numbered, SheetName, Table, chosen_sheet, filled

WORKBOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MERGED = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")


def read_xlsx(packed: Packed, wanted: str = "") -> Table:
    """One sheet, as ``chosen_sheet`` says."""
    book = Workbook(packed)
    name = chosen_sheet(book.sheets, wanted, book.active)
    sheet = SheetReader(book, book.paths[name])
    rows = filled(sheet.rows())
    _fill_merged(rows, sheet.merged)
    hidden = [number for number, _cells in rows if number in sheet.hidden]
    return Table(rows, book.sheets, name, hidden_rows=hidden)


class Workbook:
    """What the sheets share: their names, the texts, the formats of dates."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self.sheets: list[SheetName] = []
        self.paths: dict[str, str] = {}
        self.epoch = CALENDAR_WINDOWS_1900
        self.active = ""
        self._read_workbook()
        self.dates = frozenset(self._date_styles())
        self.texts = list(self._texts())

    def _read_workbook(self) -> None:
        targets, active = dict(self._targets()), 0
        for event, element in self.packed.elements(WORKBOOK):
            if event == "start":
                continue
            match plain(element.tag):
                case "sheet":
                    self._add(element, targets)
                case "workbookPr" if element.get("date1904") in {"1", "true"}:
                    self.epoch = CALENDAR_MAC_1904
                case "workbookView":
                    active = int(element.get("activeTab", "0"))
        if self.sheets:
            self.active = self.sheets[min(active, len(self.sheets) - 1)].name

    def _add(self, element: Element, targets: dict[str, str]) -> None:
        """Diagrams are sheets, too, but not in the list; so the number of the open one may change."""
        relation = next((v for k, v in element.items() if plain(k) == "id"), "")
        name = element.get("name", "")
        if (path := targets.get(relation)) and len(self.sheets) < MAX_SHEETS:
            self.sheets.append(SheetName(name, element.get("state", "visible") != "visible"))
            self.paths[name] = path

    def _targets(self) -> Iterator[tuple[str, str]]:
        for event, element in self.packed.elements("xl/_rels/workbook.xml.rels"):
            if event == "end" and element.get("Type", "").endswith("/worksheet"):
                path = posixpath.join("/xl", element.get("Target", ""))
                yield element.get("Id", ""), posixpath.normpath(path).lstrip("/")

    def _date_styles(self) -> Iterator[str]:
        """The numbers of the styles that show a number as a date or a time."""
        formats = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        styles, in_cells = -1, False
        for event, element in self.packed.elements("xl/styles.xml"):
            name = plain(element.tag)
            if name == "cellXfs":
                in_cells = event == "start"
            elif event == "end" and name == "numFmt":
                formats[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif event == "end" and name == "xf" and in_cells:
                styles += 1
                if is_date_format(formats.get(element.get("numFmtId", "0"))):
                    yield str(styles)

    def _texts(self) -> Iterator[str]:
        """The texts that cells name by number."""
        root = None
        for count, (event, element) in enumerate(self.packed.elements("xl/sharedStrings.xml")):
            root = element if root is None else root
            if count > 2 * MAX_CELLS:
                raise too_many_rows()
            if event == "end" and plain(element.tag) == "si":
                yield _text(element)
                root.clear()


class SheetReader:
    """One sheet; ``hidden`` and ``merged`` are complete when all rows have been read."""

    def __init__(self, book: Workbook, path: str) -> None:
        self.book = book
        self.path = path
        self.hidden: set[int] = set()
        self.merged: list[tuple[int, int, int]] = []
        """Column, first row and last row."""

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        current, last, column, seen = Element("row"), 0, 0, 0
        cells: dict[int, Any] = {}
        for event, element in self.book.packed.elements(self.path):
            match event, plain(element.tag):
                case "start", "row":
                    current, cells, column = element, {}, 0
                    last = self._row(element, last + 1)
                case "start", "c" if (seen := seen + 1) > MAX_CELLS:
                    raise too_many_rows()
                case "end", "c":
                    column = self._column(element, column + 1)
                    if (value := self._value(element)) not in {None, ""}:
                        cells[column] = value
                    if column > (MAX_COLUMNS if column in cells else MAX_CELLS_IN_A_ROW):
                        raise too_many_columns(last)
                    current.clear()
                case "end", "row":
                    yield last, [cells.get(i) for i in range(1, max(cells, default=0) + 1)]
                case "end", "mergeCell":
                    self._merge(element.get("ref", ""))
                case "end", "mergeCells" | "hyperlinks" | "conditionalFormatting":
                    element.clear()

    def _row(self, row: Element, following: int) -> int:
        number = int(row.get("r", following))
        if row.get("hidden") in {"1", "true"}:
            self.hidden.add(number)
        return number

    @staticmethod
    def _column(cell: Element, following: int) -> int:
        match = _REFERENCE.fullmatch(cell.get("r", ""))
        return column_index_from_string(match[1]) if match else following

    def _value(self, cell: Element) -> Any:
        parts = {plain(part.tag): part for part in cell}
        text = (parts["v"].text or "") if "v" in parts else ""
        match cell.get("t", "n"):
            case "inlineStr":
                return _text(parts["is"]) if "is" in parts else ""
            case "str" if text or "v" in parts:
                return text
            case _ if not text:
                formula = (parts["f"].text or "") if "f" in parts else None
                return None if formula is None else BadCell(f"={formula}", Lost.FORMULA)
            case "s":
                return self.book.texts[int(text)]
            case "b":
                return text == "1"
            case "e":
                return BadCell(text, Lost.ERROR)
            case "d":
                return datetime.datetime.fromisoformat(text.removesuffix("Z"))
        return self._date(text) if cell.get("s") in self.book.dates else number(text)

    def _date(self, text: str) -> Any:
        try:
            return from_excel(float(text), self.book.epoch)
        except (OverflowError, ValueError):
            return BadCell(text, Lost.DATE)

    def _merge(self, reference: str) -> None:
        if (match := _MERGED.fullmatch(reference)) and len(self.merged) < MAX_CELLS_IN_A_ROW:
            column = column_index_from_string(match[1])
            self.merged.append((column, int(match[2]), int(match[3])))


def _text(element: Element) -> str:
    """The text of a cell, without the reading aids of East Asian scripts."""
    parts = []
    for part in element:
        match plain(part.tag):
            case "t":
                parts.append(part.text or "")
            case "r":
                parts += [run.text or "" for run in part if plain(run.tag) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """Excel writes control characters as „_x000D_“."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: _control(int(found[1], 16)), text)


def _control(code: int) -> str:
    return chr(code) if code in {9, 10, 13} or code == ord("_") else ""


def _fill_merged(rows: list[Numbered], merged: list[tuple[int, int, int]]) -> None:
    """A cell merged over several rows holds for each of them."""
    by_number = dict(rows)
    for column, first, last in merged:
        value = (by_number.get(first, []) + [""] * column)[column - 1]
        for below in (n for n in by_number if first < n <= last) if value != "" else ():
            cells = by_number[below]
            cells += [""] * (column - len(cells))
            cells[column - 1] = value
