"""Somebody who knows nothing but what was published, and puts it all side by side; with scipy, and code of its own."""

import datetime
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

PUBLISHED_LIMIT = 5
MOST = 1e6
"""More than anybody would guess."""
ADDS_UP = {"tandems", "tandems_ended", "applications", "hours"}


class Number(NamedTuple):
    """One published number: „unter 5“ is 1 to 4, 25 may be 23 to 27, and „nicht ausgewiesen“ anything."""

    measure: str
    period: str
    stand: datetime.date
    split: str
    row: str
    low: float
    high: float | None


class Attacker:
    """Bounds of everything that was published. ``hidden`` are the numbers that nobody should work out."""

    def __init__(self, numbers: list[Number]) -> None:
        self.numbers = numbers
        self.at = {one[:5]: index for index, one in enumerate(numbers)}
        self.tables = defaultdict(list)
        for index, one in enumerate(numbers):
            self.tables[one[:4]].append(index)
        self.rows: list[tuple[dict[int, float], float]] = []
        for relate in (self._sums, self._years, self._runs_on):
            relate()
        self._matrix()

    @property
    def hidden(self) -> list[int]:
        small = PUBLISHED_LIMIT - 1
        return [
            index
            for index, one in enumerate(self.numbers)
            if one.high is None or (one.low == 1 and one.high >= small)
        ]

    def found(self) -> list[tuple[Number, str]]:
        """Hidden numbers that are narrowed down, and what the attacker knows of them."""
        known = [(one, "most") for one in self._narrowed(1.0)]
        known += [(one, "least") for one in self._narrowed(-1.0)]
        return [(self.numbers[index], what) for index, what in known]

    def _narrowed(self, sign: float) -> list[int]:
        goal = {index: self._goal(index, sign) for index in self.hidden}
        narrowed: list[int] = []
        at_once = True
        while goal:
            asked = list(goal) if at_once else [next(iter(goal))]
            costs = np.zeros(len(self.numbers))
            costs[asked] = -sign
            result = linprog(costs, A_ub=self.matrix, b_ub=self.limits, bounds=self.bounds)
            assert result.status == 0, result.message
            done = [index for index in goal if sign * result.x[index] >= goal[index] - 1e-6]
            at_once = at_once and bool(done)
            if len(asked) == 1 and asked[0] not in done:
                narrowed.append(asked[0])
                del goal[asked[0]]
            for index in done:
                del goal[index]
        return narrowed

    def _goal(self, index: int, sign: float) -> float:
        """A hidden count may be 1 and may be 4; of hidden hours there may be none, and ten."""
        if self.numbers[index].high is None:
            return 10.0 if sign > 0 else -0.5
        return PUBLISHED_LIMIT - 1 if sign > 0 else -1.0

    def _at_most(self, factors: dict[int, float], limit: float = 0.0) -> None:
        self.rows.append((factors, limit))

    def _sums(self) -> None:
        """Rows of a split make the city; where somebody can be in two rows, each is at most the city."""
        for (measure, period, stand, split), rows in self.tables.items():
            city = self.at.get((measure, period, stand, "total", ""))
            if split == "total" or city is None:
                continue
            self._at_most(dict.fromkeys(rows, -1.0) | {city: 1.0})
            if measure in ADDS_UP and split != "field":
                self._at_most(dict.fromkeys(rows, 1.0) | {city: -1.0})
            else:
                for row in rows:
                    self._at_most({row: 1.0, city: -1.0})

    def _years(self) -> None:
        """The published months of a year are at most the year, and all twelve are the year."""
        for measure, period, stand, split in list(self.tables):
            if period != "year":
                continue
            months = [
                key
                for key in self.tables
                if key[0] == measure
                and key[3] == split
                and key[1] == "month"
                and key[2].year == stand.year
            ]
            keys = {self.numbers[i].row for i in self.tables[measure, period, stand, split]}
            keys |= {self.numbers[i].row for month in months for i in self.tables[month]}
            for row in keys:
                parts = [self.at[(*month, row)] for month in months if (*month, row) in self.at]
                whole = self.at.get((measure, period, stand, split, row))
                year = {whole: -1.0} if whole is not None else {}
                self._at_most(dict.fromkeys(parts, 1.0) | year)
                if len(months) == 12 and year:
                    self._at_most(dict.fromkeys(parts, -1.0) | {whole: 1.0})

    def _runs_on(self) -> None:
        """A tandem of last month runs today or has ended in this month."""
        for measure, period, stand, split in list(self.tables):
            before = (measure, period, stand.replace(day=1) - datetime.timedelta(days=1), split)
            ended = ("tandems_ended", period, stand, split)
            if measure != "tandems" or before not in self.tables or ended not in self.tables:
                continue
            for index in self.tables[before]:
                row = self.numbers[index].row
                now = [
                    self.at[(*table, row)]
                    for table in ((measure, period, stand, split), ended)
                    if (*table, row) in self.at
                ]
                self._at_most({index: 1.0} | dict.fromkeys(now, -1.0))

    def _matrix(self) -> None:
        entries = [
            (row, column, factor)
            for row, (factors, _limit) in enumerate(self.rows)
            for column, factor in factors.items()
        ]
        shape = (max(len(self.rows), 1), len(self.numbers))
        rows, columns, factors = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = coo_array((factors, (rows, columns)), shape=shape)
        self.limits = [limit for _factors, limit in self.rows] or [0.0]
        self.bounds = [(one.low, MOST if one.high is None else one.high) for one in self.numbers]
