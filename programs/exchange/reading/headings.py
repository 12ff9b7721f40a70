"""Finds the row of the headings: below a title, a blank line or merged cells."""

from collections.abc import Container

from ..cells import as_text, key, tidy
from .bounds import HEAD_ROWS
from .cells import BadCell
from .table import Numbered


def heading_row(rows: list[Numbered], known: Container[str]) -> int:
    """The index in ``rows`` of the headings: the row with the most of the ``known`` ones (as ``key``).

    Without any it is the first row that fills more than one cell, else the first one.
    """
    head = rows[:HEAD_ROWS]
    scores = [sum(key(text) in known for text in texts(row)) for row in head]
    if any(scores):
        return scores.index(max(scores))
    return next((i for i, row in enumerate(head) if sum(map(bool, texts(row))) > 1), 0)


def texts(row: Numbered) -> list[str]:
    """The cells of a row as headings."""
    return [cell.shown if isinstance(cell, BadCell) else tidy(as_text(cell)) for cell in row[1]]
