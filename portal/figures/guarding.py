"""Shows of each table as much as gives no small group away, whatever was published before and beside it.

Before a table is published, the portal plays the attacker (``attack.py``) over this table, the others of the month
and the months before. Where „unter 5“ could be narrowed down, the table is rounded further, in the end not shown.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings

from .attack import ANY, Attack, Relation, Target
from .hiding import HOURS_STEP, STEPS, Shown, shown_table
from .measures import MEASURES, Counts, Measure, Split
from .months import month_before
from .splitting import Cells

MONTH, YEAR = "month", "year"
STARTED_AND_ENDED = ("tandems", "tandems_ended")
"""What ran a month ago and did not end runs today: two figures that tell something about each other."""
WINDOW_MONTHS = 12
"""So many months back the portal looks for what could be put together with a new table."""


class At(NamedTuple):
    """One table: a figure, a month or year by its last day, and the split."""

    measure: str
    period: str
    stand: datetime.date
    split: str


Rows = dict[str, Shown | None]
Told = dict[At, Rows]
"""Published tables. A row that is not there was 0; of one without a value nothing is told but that it is there."""


def family(measure: str) -> tuple[str, ...]:
    """The figures that say something about each other."""
    return STARTED_AND_ENDED if measure in STARTED_AND_ENDED else (measure,)


def tell(measure: Measure, at: At, cells: Cells, told: Told) -> dict[Split, Rows]:
    """What is shown of each split, the whole city first; adds to ``told`` the tables that are shown."""
    found: dict[Split, Rows] = {}
    for split, rows in cells.items():
        here = at._replace(split=str(split))
        for times in STEPS:
            candidate = shown_table(measure, rows, times)
            if is_safe(told | {here: candidate}):
                told[here] = candidate
                break
        found[split] = told.get(here, dict.fromkeys(rows))
    return found


def is_safe(told: Told) -> bool:
    """Whether no hidden value of these tables can be narrowed down.

    Tables that contradict each other (a running tandem that was deleted never ended) are looked at one month by
    itself, because nobody can put them together.
    """
    world = _World(told)
    if not world.targets:
        return True
    found = Attack(world.bounds, world.relations()).finds(world.targets)
    if found is None:
        found = Attack(world.bounds, world.of_one_time()).finds(world.targets)
    return found is False


class _World:
    """The numbered cells of some tables, and how they hang together."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.numbers: dict[tuple[At, str], int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.targets: list[Target] = []
        for at, rows in told.items():
            for key, one in rows.items():
                self.numbers[at, key] = len(self.bounds)
                self._add(MEASURES[at.measure], one)

    def _add(self, measure: Measure, one: Shown | None) -> None:
        number = len(self.bounds)
        half = 0.5 if measure.counts is Counts.HOURS else 0.0
        if one is None:
            self.bounds.append((0.0, ANY))
            self.targets.append(Target(number, 0.5, HOURS_STEP))
            return
        self.bounds.append((max(one.low - half, 0.0), one.high + half))
        if one.is_hidden:
            self.targets.append(Target(number, 1, settings.SMALL_GROUP - 1))

    def relations(self) -> Iterator[Relation]:
        yield from self.of_one_time()
        for at in self.told:
            if at.period == YEAR:
                yield from self._of_year(at)
            elif at.measure == STARTED_AND_ENDED[0]:
                yield from self._since_last_month(at)

    def of_one_time(self) -> Iterator[Relation]:
        """Rows and the sum of the city."""
        for at, rows in self.told.items():
            total = self.numbers.get((at._replace(split=str(Split.TOTAL)), ""))
            if at.split == Split.TOTAL or total is None:
                continue
            ones = [self.numbers[at, key] for key in rows]
            exactly = MEASURES[at.measure].rows_make_the_sum(at.split)
            yield Relation(dict.fromkeys(ones, 1.0) | {total: -1.0}, 0, 0 if exactly else ANY)
            if not exactly:
                yield from (Relation({total: 1.0, one: -1.0}, 0, ANY) for one in ones)

    def _of_year(self, at: At) -> Iterator[Relation]:
        """The months of a year make the year; those that are not told are at least 0."""
        stands = list(_months_of(at.stand))
        months = [at._replace(period=MONTH, stand=stand) for stand in stands]
        known = [one for one in months if one in self.told]
        for key in {key for one in (at, *known) for key in self.told[one]}:
            factors = {self.numbers[at, key]: 1.0} if key in self.told[at] else {}
            factors |= {self.numbers[one, key]: -1.0 for one in known if key in self.told[one]}
            yield Relation(factors, 0, 0 if len(known) == len(stands) else ANY)

    def _since_last_month(self, at: At) -> Iterator[Relation]:
        """Those of the month before are still there, or have ended."""
        before = at._replace(stand=month_before(at.stand))
        ended = at._replace(measure=STARTED_AND_ENDED[1])
        if before not in self.told or ended not in self.told:
            return
        for key in self.told[before]:
            factors = {self.numbers[before, key]: -1.0}
            for one in (at, ended):
                if key in self.told[one]:
                    factors[self.numbers[one, key]] = 1.0
            yield Relation(factors, 0, ANY)


def _months_of(year_end: datetime.date) -> Iterable[datetime.date]:
    stand = year_end
    for _month in range(12):
        yield stand
        stand = month_before(stand)
