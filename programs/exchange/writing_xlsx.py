"""Rows → XLSX, as a person expects it in Excel: filter, fixed headings, text that stays text.

XlsxWriter writes row by row, so memory holds one row, and more than twice as fast as openpyxl. Text goes
through its ``write_string``, which never makes a formula, a link or a number of it.
"""

import datetime
from collections.abc import Iterable
from typing import IO, Any

from xlsxwriter import Workbook

from .cells import as_text, in_text_cell, shortened
from .sheets import SHEET_NAME, Row, measured

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_AS_TEXT = 255
"""Older Excels show ##### for a longer text in a cell with the number format for text („@“)."""
FIRST_MONTH = (1900, 3)
"""Excel knows no day before 1900, and counts a 29 February in that year."""
PADDING = 5 / 7
"""What XlsxWriter adds to the width of a column, in characters."""


def write_xlsx(file: IO[bytes], rows: Iterable[Row]) -> int:
    widths, rows = measured(rows)
    book = Workbook(file, {"constant_memory": True})
    book.set_properties({"author": "Freiwilligenportal Stuttgart"})
    sheet = book.add_worksheet(SHEET_NAME)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width - PADDING)
    cells = Cells(book, sheet)
    count = -1
    for number, row in enumerate(rows):
        (cells.write if number else cells.write_headings)(number, row)
        count = number
    if widths:
        sheet.autofilter(0, 0, max(count, 0), len(widths) - 1)
    book.close()
    return max(count, 0)


class Cells:
    """Writes each value as the kind of cell that keeps it as it is."""

    def __init__(self, book: Workbook, sheet: Any) -> None:
        self.sheet = sheet
        self.text = book.add_format({"num_format": "@"})
        self.heading = book.add_format({"num_format": "@", "bold": True})
        self.long_text = book.add_format({"quote_prefix": True})
        self.day = book.add_format({"num_format": "DD.MM.YYYY"})
        self.moment = book.add_format({"num_format": "DD.MM.YYYY HH:MM"})

    def write_headings(self, number: int, row: Row) -> None:
        for column, value in enumerate(row):
            self.sheet.write_string(number, column, as_text(value), self.heading)

    def write(self, number: int, row: Row) -> None:
        """Empty values make no cell."""
        sheet, text = self.sheet, self.text
        for column, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, str):
                short = len(value) <= LONGEST_AS_TEXT
                said = in_text_cell(value) if short else shortened(in_text_cell(value))
                sheet.write_string(number, column, said, text if short else self.long_text)
            elif isinstance(value, datetime.date):
                self._write_day(number, column, value)
            elif isinstance(value, (int, float)):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, as_text(value), text)

    def _write_day(self, number: int, column: int, value: datetime.date) -> None:
        if (value.year, value.month) < FIRST_MONTH:
            self.sheet.write_string(number, column, as_text(value), self.text)
            return
        has_time = isinstance(value, datetime.datetime)
        self.sheet.write_datetime(number, column, value, self.moment if has_time else self.day)
