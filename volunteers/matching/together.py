"""All requests together: points and conditions of every pair, and the pairs that are best in sum.

The sum is compared in this order: points, then how long those who get a pair have waited, then the
number of pairs. All three are in one whole number (``Problem.worth``), so equal solutions stay equal.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import conditions, criteria
from .assignment import Numbers, best_columns
from .profiles import Helper, People, Positions, Seeker, Seekers
from .rules import STANDARD, Rules


class Scores:
    """Points and hard conditions of all requests with all applications, on bit masks."""

    def __init__(
        self, seekers: list[Seeker], helpers: list[Helper], rules: Rules = STANDARD
    ) -> None:
        positions = Positions.of(seekers, helpers)
        self.seekers, self.helpers, self.rules = seekers, helpers, rules
        rows, columns = Seekers(seekers, positions), People(helpers, positions)
        self.points = criteria.total(rows, columns, rules)
        self.allowed = conditions.allowed(rows, columns, rules)

    @property
    def counting(self) -> Numbers:
        """The points of pairs that are possible, 0 for all others."""
        return np.where(self.allowed, self.points, 0).astype(np.int64)


class Total(NamedTuple):
    """What a solution is worth in sum."""

    pairs: int
    points: int


class Problem:
    """The assignment problem: a row for each request, as many columns for a person as they have room."""

    def __init__(self, scores: Scores) -> None:
        self.requests = len(scores.seekers)
        volunteers, first = _by_volunteer(scores.helpers)
        self.best, self.chosen = _best_application(scores.counting, volunteers, first)
        rooms = [max(scores.helpers[column].room for column in group) for group in volunteers]
        self.slots = np.repeat(np.arange(len(volunteers)), rooms)
        self.weights = self.worth(self.best[:, self.slots])

    def worth(self, points: Numbers) -> Numbers:
        """Points as comparable numbers; rows are in the order of waiting, the longest first."""
        n = self.requests
        waiting = np.arange(n, 0, -1)[:, None]
        told: Numbers = points * (n + 1) ** 3 + (points > 0) * (waiting * (n + 1) + 1)
        return told

    def told(self, worth: int) -> Total:
        """The number of pairs and the points in a sum of :meth:`worth`."""
        n = self.requests
        return Total(pairs=worth % (n + 1), points=worth // (n + 1) ** 3)

    def solve(self) -> Numbers:
        """The slot of each request; a number past the last slot means none."""
        return best_columns(self.weights)


def assign(scores: Scores) -> list[tuple[int, int]]:
    """Pairs of row and column with the greatest total of points."""
    if not scores.seekers or not scores.helpers:
        return []
    problem = Problem(scores)
    slots = problem.slots
    columns = enumerate(problem.solve())
    pairs = [(row, int(slots[column])) for row, column in columns if column < len(slots)]
    return [(row, int(problem.chosen[row, v])) for row, v in pairs if problem.best[row, v] > 0]


def _by_volunteer(helpers: list[Helper]) -> tuple[list[list[int]], list[int]]:
    """The columns of each person: one person may have several applications."""
    groups: dict[int, list[int]] = {}
    for column, helper in enumerate(helpers):
        groups.setdefault(helper.volunteer, []).append(column)
    return list(groups.values()), [group[0] for group in groups.values()]


def _best_application(
    scores: Numbers, volunteers: list[list[int]], first: list[int]
) -> tuple[Numbers, NDArray[np.int64]]:
    """For every request and person: the points and the column of their best application."""
    best = scores[:, first].copy()
    chosen = np.broadcast_to(np.array(first, dtype=np.int64), best.shape).copy()
    for number, group in enumerate(volunteers):
        for column in group[1:]:
            better = scores[:, column] > best[:, number]
            best[better, number] = scores[better, column]
            chosen[better, number] = column
    return best, chosen
