"""What one more volunteer would bring, without solving the assignment problem again for each.

A new slot is taken by one request, which leaves its own; that may be taken by another one, and so
on (an augmenting path). ``spare`` is the most that such a chain brings when a request leaves its
slot. Then the gain of any slot is one maximum over the requests.
"""

import numpy as np

from .assignment import Numbers
from .together import Problem

NONE = -1
NEVER = -(2**60)
"""The gain of a step that is not possible."""


class Gains:
    """An optimal solution, to which slots can be added one by one; each time it is optimal again."""

    def __init__(self, problem: Problem) -> None:
        rows = problem.requests
        taken = problem.solve()
        has_slot = taken < problem.weights.shape[1]
        self.held = np.zeros((rows, rows), np.int64)
        """``held[other, row]``: the worth of ``other`` with the slot of ``row``."""
        self.held[:, has_slot] = problem.weights[:, taken[has_slot]]
        self.has_slot = has_slot
        self._settle()

    @property
    def worth(self) -> int:
        """The sum of the solution."""
        return int(self.own.sum())

    def most(self, columns: Numbers, slots: int) -> Numbers:
        """For each column: a bound that as many slots of it together do not exceed."""
        gains = np.maximum(columns + self.change[:, None], 0)
        if slots < len(gains):
            gains = np.partition(gains, len(gains) - slots, axis=0)[-slots:]
        found: Numbers = gains.sum(axis=0)
        return found

    def add(self, column: Numbers) -> int:
        """Add one slot; returns what it brings, 0 if nobody takes it."""
        gains = column + self.change
        row = int(np.argmax(gains)) if len(gains) else NONE
        if row == NONE or gains[row] <= 0:
            return 0
        gain, passed = int(gains[row]), column
        while row != NONE:
            follower = int(self.after[row]) if self.has_slot[row] else NONE
            left = self.held[:, row].copy()
            self.held[:, row], self.has_slot[row] = passed, True
            passed, row = left, follower
        self._settle()
        return gain

    def _settle(self) -> None:
        """``spare`` and ``after``, the request that takes the slot, by value iteration."""
        rows = len(self.held)
        self.own = self.held.diagonal().copy()
        moves = np.where(self.has_slot[None, :], self.held - self.own[:, None], NEVER)
        np.fill_diagonal(moves, NEVER)
        self.spare = np.zeros(rows, np.int64)
        self.after = np.full(rows, NONE)
        while rows:
            through = moves + self.spare[:, None]
            found = through.max(axis=0)
            is_more = found > self.spare
            if not is_more.any():
                break
            self.after[is_more] = through.argmax(axis=0)[is_more]
            self.spare = np.where(is_more, found, self.spare)
        self.change = self.spare - self.own

    def copy(self) -> "Gains":
        """The same state, so that adding to one leaves the other as it is."""
        twin = object.__new__(Gains)
        for name, value in vars(self).items():
            setattr(twin, name, value.copy())
        return twin
