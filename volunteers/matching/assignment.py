"""The assignment problem: one column for each row, with the greatest sum of weights.

Finds shortest augmenting paths (Jonker and Volgenant 1987), row by row, over all columns at once.
Weights are integers, so nothing is rounded and equal sums stay equal.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FREE = -1
FAR = np.iinfo(np.int64).max
"""Distance of a column that no path has reached."""

Numbers = NDArray[np.int64]


class Path(NamedTuple):
    """The shortest path from a row to the free column ``end``."""

    end: int
    distance: Numbers
    before: Numbers
    """For each column: the row that it was reached from."""
    passed: Numbers
    """Columns that are nearer than ``end``; each has a row."""


def best_columns(weights: Numbers) -> Numbers:
    """The column of each row; no column twice. A number past the last column means none.

    At worst this takes rows² steps over all columns: some seconds for 500 rows and 6,000 columns.
    """
    rows, columns = weights.shape
    placing = _Placing(np.pad(-weights, ((0, 0), (0, max(0, rows - columns)))))
    for row in range(rows):
        placing.place(row)
    return placing.column_of


class _Placing:
    """The rows placed so far, and prices at which none of them prefers another column."""

    def __init__(self, cost: Numbers) -> None:
        rows, columns = cost.shape
        self.cost = cost
        self.column_of = np.full(rows, FREE)
        self.row_of = np.full(columns, FREE)
        self.row_price = np.zeros(rows, np.int64)
        self.column_price = np.zeros(columns, np.int64)

    def place(self, row: int) -> None:
        """Give ``row`` a column; rows placed before may move to another one."""
        path = self._shortest_path(row)
        gain = path.distance[path.end] - path.distance[path.passed]
        self.row_price[row] += path.distance[path.end]
        self.row_price[self.row_of[path.passed]] += gain
        self.column_price[path.passed] -= gain
        column, moving = path.end, FREE
        while moving != row:
            moving = int(path.before[column])
            self.row_of[column] = moving
            self.column_of[moving], column = column, int(self.column_of[moving])

    def _shortest_path(self, start: int) -> Path:
        distance = np.full(len(self.row_of), FAR)
        before = np.full(len(self.row_of), FREE)
        is_open = np.ones(len(self.row_of), dtype=bool)
        passed: list[int] = []
        row, least = start, 0
        while True:
            through = least - self.row_price[row] + self.cost[row] - self.column_price
            is_nearer = is_open & (through < distance)
            distance[is_nearer], before[is_nearer] = through[is_nearer], row
            left = np.where(is_open, distance, FAR)
            least = int(left.min())
            nearest = np.flatnonzero(left == least)
            column = int(nearest[np.argmax(self.row_of[nearest] == FREE)])  # a free one if possible
            if self.row_of[column] == FREE:
                return Path(column, distance, before, np.array(passed, dtype=np.int64))
            passed.append(column)
            is_open[column] = False
            row = int(self.row_of[column])
