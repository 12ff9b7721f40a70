"""A sheet as it was read, and its form for the database."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .bounds import (
    EMPTY_ROWS_AT_END,
    HEAD_ROWS,
    MAX_COLUMNS,
    MAX_ROWS,
    FileProblem,
    TooMuch,
    too_many_columns,
    too_many_rows,
)
from .cells import BadCell, Cell, Cells, cleaned

Numbered = tuple[int, Cells]
"""The number of a row, as the spreadsheet shows it, and its cells."""


@dataclass(frozen=True)
class SheetName:
    name: str
    is_hidden: bool = False


def chosen_sheet(sheets: list[SheetName], wanted: str, active: str) -> str:
    """The sheet ``wanted``; without one ``active``, which was open when the file was saved, if it is visible.

    Raises :class:`FileProblem` if there is no such sheet.
    """
    names = [sheet.name for sheet in sheets]
    if not names:
        raise FileProblem(_("In der Datei ist kein Blatt mit einer Tabelle."))
    if wanted and wanted not in names:
        raise FileProblem(_("Dieses Blatt gibt es in der Datei nicht."))
    visible = [sheet.name for sheet in sheets if not sheet.is_hidden] or names
    return wanted or (active if active in visible else visible[0])


@dataclass
class Table:
    """``rows``: the filled rows. ``sheets``: all sheets of the file; a CSV file has none.

    ``encoding``: of a CSV file, by its usual name. ``hidden_rows``: numbers of rows that a filter hides.
    """

    rows: list[Numbered]
    sheets: list[SheetName] = field(default_factory=list)
    sheet: str = ""
    encoding: str = ""
    hidden_rows: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(len(cells) for _number, cells in self.rows)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": [[number, [_packed(cell) for cell in cells]] for number, cells in self.rows],
            "sheets": [[sheet.name, sheet.is_hidden] for sheet in self.sheets],
            "sheet": self.sheet,
            "encoding": self.encoding,
            "hidden_rows": self.hidden_rows,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Table":
        rows = [(number, [_unpacked(cell) for cell in cells]) for number, cells in data["rows"]]
        sheets = [SheetName(*sheet) for sheet in data["sheets"]]
        return cls(rows, sheets, data["sheet"], data["encoding"], data["hidden_rows"])


def _packed(cell: Cell) -> Any:
    match cell:
        case BadCell():
            return {"bad": cell.why, "shown": cell.shown}
        case datetime.datetime() | datetime.date() | datetime.time():
            return {type(cell).__name__: cell.isoformat()}
    return cell


_KINDS: dict[str, Any] = {
    kind.__name__: kind.fromisoformat for kind in (datetime.datetime, datetime.date, datetime.time)
}


def _unpacked(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]  # text, number or truth as JSON has them
    if "bad" in cell:
        return BadCell(cell["shown"], cell["bad"])
    ((kind, text),) = cell.items()
    return _KINDS[kind](text)  # type: ignore[no-any-return]  # date, time or number


def filled(rows: Iterable[tuple[int, Iterable[Any]]]) -> list[Numbered]:
    """The rows in which something stands, with cleaned cells; no empty cells at the end of a row.

    A sheet that becomes too large after ``EMPTY_ROWS_AT_END`` empty rows ends there; one that becomes too
    large earlier raises :class:`TooMuch`.
    """
    found: list[Numbered] = []
    seen = last = 0
    try:
        for number, cells in rows:
            seen = number
            if values := _values(number, cells):
                last = number
                found.append((number, values))
                if len(found) > MAX_ROWS + HEAD_ROWS:
                    raise too_many_rows()
    except TooMuch:
        if not found or seen - last <= EMPTY_ROWS_AT_END:
            raise
    if not found:
        raise FileProblem(_("Die Datei ist leer."))
    return found


def _values(number: int, cells: Iterable[Any]) -> Cells:
    values = [cleaned(cell) for cell in cells]
    while values and values[-1] == "":
        values.pop()
    if len(values) > MAX_COLUMNS:
        raise too_many_columns(number)
    return values
