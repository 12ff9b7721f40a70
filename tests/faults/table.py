"""What each fault did, in one line."""

from dataclasses import dataclass

from tests.faults.books import Told

HEADINGS = {
    "acknowledged": 14,
    "lost": 6,
    "no mail": 9,
    "doubled": 9,
    "copies": 8,
    "500": 5,
    "503": 6,
    "broken": 8,
    "recovery": 11,
}
WIDTH = 60


@dataclass
class Row:
    name: str
    acknowledged: int
    """Sign-ups, confirmations and steps from the fault until the end of the recovery."""
    lost: list[str]
    missing: list[str]
    doubled: list[str]
    copies: int
    errors: list[Told]
    later: int
    broken: int
    """Connections that ended without an answer."""
    without_date: list[Told]
    """503 without ``Retry-After``."""
    afterwards: list[Told]
    """Failures after the recovery."""
    seconds: float

    def require(self, *, copies: int) -> None:
        """The promises; at most so many ``copies`` with the same Message-ID."""
        assert not self.lost, self.lost
        assert not self.missing, self.missing
        assert not self.doubled, self.doubled
        assert self.copies <= copies
        assert not self.errors, self.errors
        assert not self.without_date, self.without_date
        assert not self.afterwards, self.afterwards

    def numbers(self) -> tuple[object, ...]:
        lists = (self.lost, self.missing, self.doubled)
        counts = (*map(len, lists), self.copies, len(self.errors), self.later, self.broken)
        return (self.acknowledged, *counts, f"{self.seconds:.1f} s")


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def text(self) -> str:
        """For the end of a run; empty without faults."""
        if not self.rows:
            return ""
        widths = HEADINGS.values()
        lines = [("fault", HEADINGS.keys()), *((row.name, row.numbers()) for row in self.rows)]
        return "\n".join(
            f"{name:<{WIDTH}}"
            + "".join(f"{cell!s:>{w}}" for cell, w in zip(cells, widths, strict=True))
            for name, cells in lines
        )
