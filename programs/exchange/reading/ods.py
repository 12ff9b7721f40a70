"""OpenDocument spreadsheets of LibreOffice, read element by element."""

import datetime
import itertools
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from .bounds import (
    MAX_CELLS,
    MAX_CELLS_IN_A_ROW,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Packed,
    plain,
    too_many_columns,
    too_many_rows,
)
from .cells import BadCell, Lost, number
from .table import SheetName, Table, chosen_sheet, filled

CONTENT = "content.xml"
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def read_ods(packed: Packed, wanted: str = "") -> Table:
    """One sheet, as ``chosen_sheet`` says."""
    sheets = _sheets(packed)
    name = chosen_sheet(sheets, wanted, _active(packed))
    sheet = SheetReader(packed, [one.name for one in sheets].index(name))
    rows = filled(sheet.rows())
    hidden = [number for number, _cells in rows if number in sheet.hidden]
    return Table(rows, sheets, name, hidden_rows=hidden)


def _get(element: Element, name: str, default: str = "") -> str:
    return next((value for key, value in element.items() if plain(key) == name), default)


def _sheets(packed: Packed) -> list[SheetName]:
    found: list[SheetName] = []
    hidden_styles, style = set(), ""
    table, row = Element("table"), Element("row")
    for event, element in packed.elements(CONTENT):
        match event, plain(element.tag):
            case "start", "style":
                style = _get(element, "name")
            case "end", "table-properties" if _get(element, "display") == "false":
                hidden_styles.add(style)
            case "start", "table" if len(found) < MAX_SHEETS:
                table = element
                is_hidden = _get(element, "style-name") in hidden_styles
                found.append(SheetName(_get(element, "name"), is_hidden))
            case "start", "table-row":
                row = element
            case "end", "table-cell" | "covered-table-cell":
                row.clear()
            case "end", "table-row":
                table.clear()
    return found


def _active(packed: Packed) -> str:
    for event, element in packed.elements("settings.xml"):
        if event == "end" and _get(element, "name") == "ActiveTable":
            return element.text or ""
    return ""


class SheetReader:
    """The sheet at ``index``; ``hidden`` is complete when all rows have been read."""

    def __init__(self, packed: Packed, index: int) -> None:
        self.packed = packed
        self.index = index
        self.hidden: set[int] = set()
        self._merged: dict[int, tuple[int, Any]] = {}
        """Column → how many rows below it has the value, and the value."""

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        last, seen, repeated = 0, 0, 1
        row, table = Element("row"), Element("table")
        cells: list[Any] = []
        for event, element in self._elements():
            match event, plain(element.tag):
                case "start", "table":
                    table = element
                case "start", "table-row":
                    row, cells = element, []
                    repeated = int(_get(element, "number-rows-repeated", "1"))
                    if _get(element, "visibility") in {"filter", "collapse"}:
                        self.hidden.update(range(last + 1, last + 1 + min(repeated, MAX_ROWS)))
                case "start", "table-cell" | "covered-table-cell" if (seen := seen + 1) > MAX_CELLS:
                    raise too_many_rows()
                case "end", "table-cell" | "covered-table-cell":
                    self._add(cells, last + 1, element)
                    row.clear()
                case "end", "table-row":
                    yield from self._repeated(last, cells, repeated)
                    last += repeated
                    table.clear()

    def _elements(self) -> Iterator[tuple[str, Element]]:
        """Those of this sheet; nothing of the others is kept."""
        index = -1
        for event, element in self.packed.elements(CONTENT):
            name = plain(element.tag)
            index += (event, name) == ("start", "table")
            if index == self.index:
                yield event, element
            if (event, name) == ("end", "table"):
                element.clear()
                if index == self.index:
                    return

    @staticmethod
    def _repeated(last: int, cells: list[Any], count: int) -> Iterator[tuple[int, list[Any]]]:
        """An empty row is handed out once, with the number of the last of them."""
        if all(cell in {None, ""} for cell in cells):
            yield last + count, []
            return
        for number_ in range(last + 1, last + 1 + min(count, 2 * MAX_ROWS)):
            yield number_, cells

    def _add(self, cells: list[Any], row: int, element: Element) -> None:
        repeated = int(_get(element, "number-columns-repeated", "1"))
        value = self._merged_value(len(cells), element)
        if value in {None, ""}:
            repeated = min(repeated, MAX_CELLS_IN_A_ROW + 1 - len(cells))
        elif len(cells) + repeated > MAX_COLUMNS:
            raise too_many_columns(row)
        cells += itertools.repeat(value, repeated)
        if len(cells) > MAX_CELLS_IN_A_ROW:
            raise too_many_columns(row)

    def _merged_value(self, column: int, element: Element) -> Any:
        """A cell merged over several rows holds for each of them."""
        if plain(element.tag) == "covered-table-cell":
            left, value = self._merged.get(column, (0, None))
            if left:
                self._merged[column] = (left - 1, value)
                return value
            return None
        value = _value(element)
        rows = int(_get(element, "number-rows-spanned", "1"))
        if rows > 1 and column < MAX_COLUMNS:
            self._merged[column] = (min(rows, 2 * MAX_ROWS) - 1, value)
        return value


def _value(cell: Element) -> Any:
    text = "\n".join(_text(part) for part in cell if plain(part.tag) == "p")
    kinds = [value for key, value in cell.items() if plain(key) == "value-type"]
    if "error" in kinds:
        return BadCell(text, Lost.ERROR)
    match kinds[:1]:
        case ["date"]:
            return _date(_get(cell, "date-value"))
        case ["time"] if found := _TIME.fullmatch(_get(cell, "time-value")):
            hour, minute, second = map(int, found.groups())
            return datetime.time(hour, minute, second) if hour < 24 else text
        case ["boolean"]:
            return _get(cell, "boolean-value") == "true"
        case ["float" | "currency" | "percentage"]:
            return number(_get(cell, "value", "0"))
    formula = _get(cell, "formula").removeprefix("of:")
    return BadCell(formula, Lost.FORMULA) if formula and not text else text


def _date(value: str) -> Any:
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return BadCell(value, Lost.DATE)
    return moment if "T" in value else moment.date()


def _text(paragraph: Element) -> str:
    """The text of a paragraph. ODS stores repeated spaces, tabs and line breaks as elements."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        match plain(child.tag):
            case "s":
                parts.append(" " * min(int(_get(child, "c", "1")), 100))
            case "tab":
                parts.append("\t")
            case "line-break":
                parts.append("\n")
            case "annotation":
                pass
            case _:
                parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
