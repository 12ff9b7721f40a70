"""Made-up figures of many months, published as the portal publishes its own."""

import datetime
from decimal import Decimal

from django.db import transaction

from portal.figures import recording
from portal.figures.guarding import MONTH, YEAR, At
from portal.figures.measures import MEASURES, Counts, Measure, Split
from portal.figures.months import last_day, next_first
from portal.figures.splitting import Cell, Cells


def stands(number: int, first: datetime.date = datetime.date(2021, 1, 31)) -> list[datetime.date]:
    found = [first]
    while len(found) < number:
        found.append(last_day(next_first(found[-1])))
    return found


def cell(measure: Measure, label: str, number: int) -> Cell:
    people = None if measure.counts is Counts.THINGS else number
    value = Decimal(number) * (12 if measure.counts is Counts.HOURS else 1)
    return Cell(label, value, people)


def city(measure: Measure, rows: dict[Split, dict[str, tuple[str, int]]]) -> Cells:
    """Rows by split, with what they add up to for the whole city."""
    most = max(sum(number for _label, number in some.values()) for some in rows.values())
    found: Cells = {Split.TOTAL: {"": cell(measure, "", most)}}
    for split, some in rows.items():
        if split in measure.splits:
            found[split] = {key: cell(measure, *one) for key, one in some.items()}
    return found


def publish(slug: str, stand: datetime.date, rows: dict[Split, dict[str, tuple[str, int]]]) -> None:
    """One month; in December also the year."""
    measure = MEASURES[slug]
    with transaction.atomic():
        told = recording.told_before(measure, stand)
        recording._write(At(slug, MONTH, stand, ""), city(measure, rows), told)
        if measure.adds_up and stand.month == 12:
            year = recording.of_year(measure, stand)
            recording._write(At(slug, YEAR, stand, ""), year, told)
