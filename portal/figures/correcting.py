"""Corrections: a month is counted again, and what differs is added beside what stays published, with the reason."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction

from programs.history import by_portal
from volunteers.services.locks import lock_tables

from . import recording
from .counting import COUNTERS
from .guarding import MONTH, YEAR, At, Rows, tell
from .measures import MEASURES, Split
from .models import Figure
from .splitting import Cell, Cells, Places, cells

Written = dict[tuple[str, str], Figure]
"""By split and row."""


@by_portal("figures")
def recount(*, slug: str, stand: datetime.date, reason: str) -> int:
    """Counts a written month again, and its year; returns how many values changed. Holds the table.

    Raises ``TooBusy`` while another transaction writes figures down.
    """
    with transaction.atomic():
        lock_tables([Figure])
        at = At(slug, MONTH, stand, "")
        changed = _correct(at, cells(MEASURES[slug], COUNTERS[slug](stand), Places()), reason)
        year = at._replace(period=YEAR, stand=datetime.date(stand.year, recording.DECEMBER, 31))
        if changed and _written(year):
            changed += _correct(year, recording.of_year(MEASURES[slug], year.stand), reason)
        return changed


def _written(at: At) -> Written:
    rows = Figure.objects.filter(measure=at.measure, period=at.period, stand=at.stand).newest()
    return {(one.split, one.row): one for one in rows}


def _correct(at: At, counted: Cells, reason: str) -> int:
    before = _written(at)
    if not before:
        return 0
    for (split, row), one in before.items():
        counted.setdefault(Split(split), {}).setdefault(row, Cell(one.label, Decimal(0), 0))
    told = recording.told_before(MEASURES[at.measure], at.stand)
    others = {key: table for key, table in told.items() if key._replace(split="") != at}
    shown = tell(MEASURES[at.measure], at, counted, others)
    new = list(_differing(at, counted, shown, before, reason))
    recording.append(iter(new))
    return len(new)


def _differing(
    at: At, counted: Cells, shown: dict[Split, Rows], before: Written, reason: str
) -> Iterator[Figure]:
    """What is not as it was published: the value, or what is shown of it."""
    for split, rows in counted.items():
        for key, cell in sorted(rows.items()):
            old = before.get((str(split), key))
            new = recording.figure(at, split, key, cell, shown[split][key])
            if old and _says(old) == _says(new):
                continue
            new.revision, new.reason = (old.revision + 1 if old else 1), reason
            yield new


def _says(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.people or 0, figure.shown, figure.low, figure.high
