"""Plays the attacker: what does somebody learn who puts all published tables side by side?

Every published value says between which bounds the true one lies; tables say which values add up to which. All of
that is a linear programme, and its smallest and largest solutions for one value are all that can be worked out.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import highspy

TOLERANCE = 1e-6
ANY = 1e7
"""A bound that no value of a city reaches: for what is not told."""


_of_thread = threading.local()


def _solver() -> highspy.Highs:
    """One for each thread, without a programme; making one writes a line to the log."""
    if not hasattr(_of_thread, "solver"):
        _of_thread.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # it has no types
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
            _of_thread.solver.setOptionValue(option, value)
    solver: highspy.Highs = _of_thread.solver
    solver.clearModel()
    return solver


class Relation(NamedTuple):
    """``least`` ≤ the sum of cells × factors ≤ ``most``."""

    factors: Mapping[int, float]
    least: float
    most: float


class Target(NamedTuple):
    """A cell that nobody may narrow down: its value can be ``low`` or less, and ``high`` or more."""

    cell: int
    low: float
    high: float


class Attack:
    """The programme of one attacker: cells with bounds, numbered in order, and what relates them."""

    def __init__(
        self, bounds: Iterable[tuple[float, float]], relations: Iterable[Relation]
    ) -> None:
        self._solver = _solver()
        for low, high in bounds:
            self._solver.addVar(low, high)
        for factors, least, most in relations:
            self._solver.addRow(least, most, len(factors), list(factors), list(factors.values()))

    def finds(self, targets: Iterable[Target]) -> bool | None:
        """Whether some target can be narrowed down; None if the tables contradict each other."""
        targets = list(targets)
        ends = ((1, [one.high for one in targets]), (-1, [-one.low for one in targets]))
        for sign, goals in ends:
            open_ones = {one.cell: goal for one, goal in zip(targets, goals, strict=True)}
            narrowed = self._cannot_reach(open_ones, sign)
            if narrowed is not False:
                return narrowed
        return False

    def _cannot_reach(self, goals: dict[int, float], sign: int) -> bool | None:
        """Whether some cell × ``sign`` stays below its goal. One solution often serves many cells."""
        together = True
        while goals:
            wanted = list(goals) if together else [next(iter(goals))]
            values = self._largest(wanted, sign)
            if values is None:
                return None
            reached = [one for one in goals if sign * values[one] >= goals[one] - TOLERANCE]
            if not together and wanted[0] not in reached:
                return True
            together = together and bool(reached)
            for one in reached:
                del goals[one]
        return False

    def _largest(self, cells: list[int], sign: int) -> list[float] | None:
        """The values of all cells where the sum of these × ``sign`` is largest."""
        number = self._solver.getNumCol()
        costs = [0.0] * number
        for cell in cells:
            costs[cell] = float(sign)
        self._solver.changeColsCost(number, list(range(number)), costs)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return list(self._solver.getSolution().col_value)
