"""Rows of a list; what sheets in XLSX and ODS have in common: a name, and columns that fit."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .cells import as_text

Row = Sequence[Any]
SHEET_NAME = "Liste"
MEASURED = 200
"""Rows that decide how wide the columns are; they are in memory before the first one is written."""
NARROWEST, WIDEST = 8, 50
"""Widths of a column in characters."""
ROOM = 3
"""Characters beside the text, for the button of the filter."""

MOST_ROWS = 1_048_575
"""What a sheet of Excel or LibreOffice holds below its headings."""


class TooManyRowsError(Exception):
    """The list has more rows than a sheet holds."""


class Counted:
    """Passes ``rows`` on; ``count`` says how many there were below the headings."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self.rows):
            self.count = number
            yield row


def measured(rows: Iterable[Row]) -> tuple[list[int], Iterator[Row]]:
    """The widths of the columns in characters, and all of the ``rows``; those raise :class:`TooManyRowsError`."""
    rest = iter(rows)
    first = list(itertools.islice(rest, MEASURED))
    columns = itertools.zip_longest(*first, fillvalue="")
    widths = [max(map(_length, column)) + ROOM for column in columns]
    return [min(max(width, NARROWEST), WIDEST) for width in widths], _bounded(first, rest)


def _bounded(*rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(itertools.chain(*rows)):
        if number > MOST_ROWS:
            raise TooManyRowsError
        yield row


def _length(value: Any) -> int:
    return max(map(len, as_text(value).split("\n")))
