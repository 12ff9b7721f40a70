"""Counts of people in figures: small ones are not shown, all others are rounded.

The rule, and why it is this one, stands in ``docs/decisions/2026-11-22-small-groups.md``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..periods import spelled

Shown = int | str
"""A rounded number, or words instead of it."""
COARSER = (1, 2, 4, 10, 20)
"""Multiples of ``SMALL_GROUP`` that sums are rounded to: the first that gives nothing away."""


def shown(count: int, step: int = 0) -> Shown:
    """``count`` as figures may tell it: 0, «unter 5», or the nearest multiple of ``step``.

    The step is ``SMALL_GROUP`` unless said otherwise; what is nearer to 0 is told as «unter» half of it.
    """
    limit: int = settings.SMALL_GROUP
    step = step or limit
    if count <= 0:
        return 0
    if count < limit:
        return _under(limit)
    return (count + step // 2) // step * step or _under((step + 1) // 2)


def rule() -> str:
    """For whoever reads the figures."""
    limit: int = settings.SMALL_GROUP
    return _(
        "Zahlen ohne Menschen: Zahlen von 1 bis %(most)d stehen als «unter %(limit)d» da, alle anderen "
        "sind auf %(multiples)s gerundet, manche Summen gröber, Stunden auf Zehner. Deshalb ergeben die "
        "Zeilen nicht immer genau die Summe."
    ) % {
        "most": limit - 1,
        "limit": limit,
        "multiples": _("%(number)ser") % {"number": spelled(limit).capitalize()},
    }


def _under(limit: int) -> str:
    return _("unter %(limit)d") % {"limit": limit}


def bounds(value: Shown) -> tuple[int, int]:
    """The smallest and the largest count that :func:`shown` tells as ``value``."""
    limit: int = settings.SMALL_GROUP
    if isinstance(value, str):
        return 1, limit - 1
    if value == 0:
        return 0, 0
    return max(limit, value - limit // 2), value + (limit - 1) // 2


def step_for(columns: Iterable[Sequence[int]]) -> int | None:
    """What the sum of several columns that count the same is rounded to; None: it is not told.

    As far as no small count in any of them could be worked out from it. How far depends on what is
    shown of the columns alone, so the rounding itself tells nothing.
    """
    rounded = [[shown(count) for count in column] for column in columns]
    small = [cells for cells in rounded if any(isinstance(cell, str) for cell in cells)]
    steps = [settings.SMALL_GROUP * times for times in COARSER]
    safe = (step for step in steps if not any(_could_tell(cells, step) for cells in small))
    return next(safe, None)


def shown_total(counts: Sequence[int], step: int | None) -> Shown | None:
    """The sum of ``counts`` as it may stand below them, with the step from :func:`step_for`."""
    return None if step is None else shown(sum(counts), step)


def _could_tell(cells: Sequence[Shown], step: int) -> bool:
    """Whether some sum, rounded to ``step``, would leave one value only for a small cell.

    That happens where the sum is nearly as small or as large as the cells allow.
    """
    limits = [bounds(cell) for cell in cells]
    least, most = sum(low for low, _high in limits), sum(high for _low, high in limits)
    few: int = settings.SMALL_GROUP
    ends = {*range(least, min(least + few, most) + 1), *range(max(most - few, least), most + 1)}
    for end in ends:
        near = range(max(least, end - 2 * step), min(most, end + 2 * step) + 1)
        sums = [one for one in near if shown(one, step) == shown(end, step)]
        smallest = max(1, sums[0] - (most - (few - 1)))
        largest = min(few - 1, sums[-1] - (least - 1))
        if smallest >= largest:
            return True
    return False


def shown_hours(hours: Any, people: int) -> Shown:
    """Hours, rounded to tens; of fewer than ``SMALL_GROUP`` people they are not told.

    Nobody who is left is few, too: how many stood behind deleted hours nobody knows any more.
    """
    if not hours:
        return 0
    few = shown(max(people, 1))
    return few if isinstance(few, str) else round(float(hours) / 10) * 10
