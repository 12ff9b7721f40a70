"""What sheets in XLSX and ODS have in common: a name, headings, and columns as wide as what they hold."""

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


def measured(rows: Iterable[Row]) -> tuple[list[int], Iterator[Row]]:
    """The widths of the columns in characters, and all of the ``rows``."""
    rest = iter(rows)
    first = list(itertools.islice(rest, MEASURED))
    columns = itertools.zip_longest(*first, fillvalue="")
    widths = [max(map(_length, column)) + ROOM for column in columns]
    return [min(max(width, NARROWEST), WIDEST) for width in widths], itertools.chain(first, rest)


def _length(value: Any) -> int:
    return max(map(len, as_text(value).split("\n")))
