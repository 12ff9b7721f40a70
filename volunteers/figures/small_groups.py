"""Counts of people in figures: small ones are hidden, all others are rounded.

For the rule and its reasons see ``docs/decisions/2026-11-22-small-groups.md``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..periods import spelled

Shown = int | str
"""A rounded number, or a text instead of it."""
COARSER = (1, 2, 4, 10, 20)
"""Multiples of ``SMALL_GROUP`` for rounding sums: the first one that reveals no small count is used."""


def shown(count: int, step: int = 0) -> Shown:
    """``count`` as it may be shown: 0, „unter 5“, or the nearest multiple of ``step``.

    The default step is ``SMALL_GROUP``. A count nearer to 0 than to ``step`` is shown as „unter“
    half of it.
    """
    limit: int = settings.SMALL_GROUP
    step = step or limit
    if count <= 0:
        return 0
    if count < limit:
        return _under(limit)
    return (count + step // 2) // step * step or _under((step + 1) // 2)


def rule() -> str:
    """The rule as text for the page."""
    limit: int = settings.SMALL_GROUP
    return _(
        "Zahlen ohne Menschen: Zahlen von 1 bis %(most)d stehen als „unter %(limit)d“ da, alle anderen "
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
    """The smallest and the largest count that :func:`shown` shows as ``value``."""
    limit: int = settings.SMALL_GROUP
    if isinstance(value, str):
        return 1, limit - 1
    if value == 0:
        return 0, 0
    return max(limit, value - limit // 2), value + (limit - 1) // 2


def step_for(columns: Iterable[Sequence[int]]) -> int | None:
    """The rounding step for the sum of several columns that count the same; None: the sum is hidden.

    It is large enough that no small count can be worked out from the sum. It depends only on what
    is shown of the columns, so the step itself reveals nothing.
    """
    rounded = [[shown(count) for count in column] for column in columns]
    small = [cells for cells in rounded if any(isinstance(cell, str) for cell in cells)]
    steps = [settings.SMALL_GROUP * times for times in COARSER]
    safe = (step for step in steps if not any(_could_tell(cells, step) for cells in small))
    return next(safe, None)


def shown_total(counts: Sequence[int], step: int | None) -> Shown | None:
    """The sum of ``counts`` as it may be shown below them, with the step from :func:`step_for`."""
    return None if step is None else shown(sum(counts), step)


def _could_tell(cells: Sequence[Shown], step: int) -> bool:
    """Whether some sum, rounded to ``step``, would leave only one possible value for a small cell.

    This happens when the sum is close to the smallest or largest one that the cells allow.
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
    """Hours, rounded to tens; hidden when they are from fewer than ``SMALL_GROUP`` people.

    No known people counts as few, too, because nobody knows how many people the deleted hours were
    from.
    """
    if not hours:
        return 0
    few = shown(max(people, 1))
    return few if isinstance(few, str) else round(float(hours) / 10) * 10
