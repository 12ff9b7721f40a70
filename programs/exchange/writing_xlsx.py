"""Rows → XLSX, as a person expects it in Excel: filter, fixed headings, text that stays text."""

import datetime
import re
from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .cells import as_text, in_text_cell, shortened
from .sheets import SHEET_NAME, Row, measured

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_AS_TEXT = 255
"""Older Excels show ##### for a longer text in a cell with the number format for text („@“)."""
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads „_x000D_“ as a control character."""
FIRST_MONTH = (1900, 3)
"""Excel knows no day before 1900, and counts a 29 February in that year."""


def write_xlsx(file: IO[bytes], rows: Iterable[Row]) -> int:
    widths, rows = measured(rows)
    book = Workbook(write_only=True)
    book.properties.creator = "Freiwilligenportal Stuttgart"
    sheet = book.create_sheet(SHEET_NAME)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    kinds = Kinds(sheet)
    count = -1
    for row in rows:
        make = kinds.cell if count >= 0 else kinds.as_heading
        sheet.append(make(value) for value in row)
        count += 1
    if widths:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{max(count, 0) + 1}"
    book.save(file)
    return max(count, 0)


class Kinds:
    """One cell object for each kind of value. Each is written before the next value is put into it."""

    def __init__(self, sheet: Any) -> None:
        self.text, self.heading = _cell(sheet, "@"), _cell(sheet, "@")
        self.long_text, self.number = _cell(sheet, "General"), _cell(sheet, "General")
        self.day, self.moment = _cell(sheet, "DD.MM.YYYY"), _cell(sheet, "DD.MM.YYYY HH:MM")
        self.heading.font = Font(bold=True)
        self.long_text.quotePrefix = True

    def as_heading(self, value: Any) -> Any:
        return _says(self.heading, as_text(value))

    def cell(self, value: Any) -> Any:
        """The cell for ``value``; None for an empty one."""
        if value == "":
            return None
        if isinstance(value, str):
            short = len(value) <= LONGEST_AS_TEXT
            return _says(self.text if short else self.long_text, shortened(in_text_cell(value)))
        if isinstance(value, datetime.date):
            return self._of_day(value)
        if isinstance(value, (int, float)):
            self.number.value = value
            return self.number
        return _says(self.text, as_text(value))

    def _of_day(self, value: datetime.date) -> Any:
        has_time = isinstance(value, datetime.datetime)
        if (value.year, value.month) < FIRST_MONTH:
            return _says(self.text, as_text(value))
        cell = self.moment if has_time else self.day
        cell.value = value
        return cell


def _cell(sheet: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    return cell


def _says(cell: Any, text: str) -> Any:
    """``cell`` with ``text`` that is never a formula, an error value or an escape, whatever it looks like."""
    cell.value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    return cell
