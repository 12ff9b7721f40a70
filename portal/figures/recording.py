"""Writes down the figures of every month that is over: each once, all of a month or nothing.

What is due follows from what is written down, never from the day on which the job runs, so a worker that was
killed, slept for three months or runs twice changes nothing. One transaction writes a month and holds the table.
"""

import datetime
import secrets
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as __

from programs.history import by_portal
from volunteers.errors import TooBusy
from volunteers.services.locks import lock_tables

from . import chain
from .counting import COUNTERS, begun_on
from .guarding import MONTH, WINDOW_MONTHS, YEAR, At, Rows, Told, family, tell
from .hiding import Shown
from .measures import MEASURES, Measure, Split
from .models import Figure, KeyFigure
from .months import last_day, month_before, next_first
from .splitting import Cell, Cells, Places, cells

MOST_MONTHS = 60
"""So many months back the first run of the job goes."""
DECEMBER = 12
STATED = "key:"
"""Before the series of a figure that the city states, in ``Figure.measure``."""


@by_portal("figures")
def record_due() -> int:
    """Everything that is due today; returns how many months of figures were written down."""
    done = 0
    try:
        record_stated()
        for stand, measure in due(timezone.localdate()):
            with transaction.atomic():
                lock_tables([Figure])
                done += record(measure, stand)
    except TooBusy:  # somebody else is writing them down just now
        return done
    return done


def record_stated() -> None:
    """Figures that the city states are in the chain, too; one that was changed is there again with a reason."""
    with transaction.atomic():
        lock_tables([Figure])
        known = {
            (one.measure, one.stand): one
            for one in Figure.objects.filter(measure__startswith=STATED).newest()
        }
        append(_stated(known))


def _stated(known: dict[tuple[str, datetime.date], Figure]) -> Iterator[Figure]:
    for one in KeyFigure.objects.filter(as_of__isnull=False).order_by("series", "as_of"):
        assert one.as_of  # noqa: S101  # the constraint of the model
        old = known.get((f"{STATED}{one.series}", one.as_of))
        value = Decimal(one.value).quantize(Decimal("0.01"))
        if old and (old.value, old.label, old.source) == (value, one.label, one.source):
            continue
        words = __("In den Kennzahlen geändert am %(day)s.") % {
            "day": date_format(timezone.localdate(), "d.m.Y")
        }
        yield Figure(
            measure=f"{STATED}{one.series}",
            stand=one.as_of,
            split=str(Split.TOTAL),
            label=one.label,
            value=value,
            source=one.source,
            revision=old.revision + 1 if old else 0,
            reason=words if old else "",
            **bounds(Shown(one.value, one.value, one.value)),
        )


def due(today: datetime.date) -> list[tuple[datetime.date, Measure]]:
    """The months of each figure that are settled and not written down, oldest first."""
    known = dict(Figure.objects.months().values_list("measure").annotate(last=Max("stand")))
    found = []
    for order, (slug, measure) in enumerate(MEASURES.items()):
        first = known.get(slug)
        stand = last_day(next_first(first)) if first else _first_stand(slug, today)
        while stand and stand + datetime.timedelta(days=measure.settled_after) < today:
            found.append((stand, order, measure))
            stand = last_day(next_first(stand))
    return [(stand, measure) for stand, _order, measure in sorted(found, key=lambda one: one[:2])]


def _first_stand(slug: str, today: datetime.date) -> datetime.date | None:
    """The first month that the figure can be told of; None as long as there is nothing to count."""
    begun = begun_on(slug)
    if begun is None:
        return None
    earliest = today
    for _month in range(MOST_MONTHS):
        earliest = month_before(earliest)
    return max(last_day(begun), earliest)


def record(measure: Measure, stand: datetime.date) -> bool:
    """One month of one figure, in December its year, too. False if another run has written it down."""
    if Figure.objects.months().filter(measure=measure.slug, stand=stand).exists():
        return False
    counted = cells(measure, COUNTERS[measure.slug](stand), Places())
    told = told_before(measure, stand)
    _write(At(measure.slug, MONTH, stand, ""), counted, told)
    if measure.adds_up and stand.month == DECEMBER:
        _write(At(measure.slug, YEAR, stand, ""), of_year(measure, stand), told)
    return True


def told_before(measure: Measure, stand: datetime.date) -> Told:
    """What was published of the figure, and of those it hangs together with, in the months before."""
    since = stand
    for _month in range(WINDOW_MONTHS):
        since = month_before(since)
    rows = Figure.objects.newest().filter(
        measure__in=family(measure.slug), stand__gte=since, stand__lte=stand
    )
    found: dict[At, Rows] = defaultdict(dict)
    for one in rows:
        at = At(one.measure, one.period, one.stand, one.split)
        found[at][one.row] = shown_of(one)
    return {at: table for at, table in found.items() if any(table.values())}


def shown_of(figure: Figure) -> Shown | None:
    if figure.shown is None or figure.low is None or figure.high is None:
        return None
    return Shown(figure.shown, figure.low, figure.high)


def of_year(measure: Measure, stand: datetime.date) -> Cells:
    """The sums of the months of the year that are written down; at least as many people as in the fullest one."""
    found: Cells = {split: {} for split in (Split.TOTAL, *measure.splits)}
    months = Figure.objects.months().filter(measure=measure.slug, stand__year=stand.year).newest()
    for one in months:
        rows = found[Split(one.split)]
        before = rows.get(one.row, Cell(one.label, Decimal(0), 0))
        value = (before.value or Decimal(0)) + (one.value or Decimal(0))
        rows[one.row] = Cell(one.label, value, max(before.people or 0, one.people or 0))
    return found


def _write(at: At, counted: Cells, told: Told) -> None:
    measure = MEASURES[at.measure]
    shown = tell(measure, at, counted, told)
    append(
        figure(at, split, key, cell, shown[split][key])
        for split, rows in counted.items()
        for key, cell in sorted(rows.items())
    )


def figure(at: At, split: Split, row: str, cell: Cell, shown: Shown | None) -> Figure:
    """A row for the chain, without its place there."""
    return Figure(
        measure=at.measure,
        period=at.period,
        stand=at.stand,
        split=str(split),
        row=row,
        label=cell.label,
        value=None if cell.value is None else cell.value.quantize(Decimal("0.01")),
        people=cell.people,
        source=source(),
        **bounds(shown),
    )


def bounds(one: Shown | None) -> dict[str, int | None]:
    low, high, value = (one.low, one.high, one.value) if one else (None, None, None)
    return {"low": low, "high": high, "shown": value}


def append(figures: Iterator[Figure]) -> None:
    """Adds rows to the end of the chain. The caller holds the table."""
    last = chain.head()
    number, before = last.number, last.digest
    rows = []
    for figure in figures:
        number += 1
        figure.number, figure.salt = number, secrets.token_hex(16)
        figure.digest = before = chain.digest(before, figure)
        rows.append(figure)
    Figure.objects.bulk_create(rows)


def source() -> str:
    return __("Freiwilligenportal Stuttgart, Vorgänge im Portal")
