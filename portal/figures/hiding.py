"""What is shown of a value outside: itself, a rounded one, „unter 5“, or nothing.

For the rule and its reasons see ``docs/decisions/2026-11-27-published-figures.md``.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as __

from .measures import Counts, Measure
from .splitting import Cell

STEPS = (1, 2, 4, 10)
"""Multiples of the usual step: a table is shown with the first one that gives nothing away, or not at all."""
HOURS_STEP = 10
"""Hours are rounded to multiples of this."""


class Shown(NamedTuple):
    """What everybody reads, and between which values the true one lies as far as that says."""

    value: int
    low: int
    high: int

    @property
    def is_hidden(self) -> bool:
        """Whether it is „unter 5“: somebody may want to know it more exactly than they should."""
        return self.low == 1 and self.high > 1


UNTOLD = None
"""Nothing is said about the value."""


def shown(measure: Measure, cell: Cell, times: int = 1) -> Shown | None:
    """What ``cell`` shows, rounded to ``times`` the usual step."""
    if cell.value is None:
        return UNTOLD
    value = int(cell.value.to_integral_value())
    limit: int = settings.SMALL_GROUP
    match measure.counts:
        case Counts.THINGS:
            return Shown(value, value, value)
        case Counts.DAYS:
            return Shown(value, value, value) if (cell.people or 0) >= limit else UNTOLD
        case Counts.HOURS if cell.value and (cell.people or 0) < limit:
            return UNTOLD
        case Counts.HOURS:
            return rounded(value, HOURS_STEP * times, least=0)
    return rounded(value, limit * times, least=limit * times)


def rounded(value: int, step: int, *, least: int) -> Shown:
    """The nearest multiple of ``step``; values below ``least`` are only said to be below it, 0 is told."""
    if value <= 0:
        return Shown(0, 0, 0)
    if value < least:
        return Shown(least // 2, 1, least - 1)
    middle = (value + step // 2) // step * step
    return Shown(middle, max(least, middle - step // 2, 0), middle + (step - 1) // 2)


def shown_table(
    measure: Measure, rows: Mapping[str, Cell], times: int = 1
) -> dict[str, Shown | None]:
    return {key: shown(measure, cell, times) for key, cell in rows.items()}


def rule() -> str:
    """The rule as a text for pages and reports."""
    return __(
        "Zahlen ohne Menschen: Zahlen unter %(limit)d stehen als „unter %(limit)d“ da, alle anderen sind gerundet, "
        "Stunden auf Zehner. Tabellen, aus denen sich kleine Gruppen errechnen ließen, sind gröber gerundet oder "
        "nicht ausgewiesen. Deshalb ergeben die Zeilen nicht immer genau die Summe."
    ) % {"limit": settings.SMALL_GROUP}
