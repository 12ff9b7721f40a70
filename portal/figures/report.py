"""A report: some figures over a period, each with trend, split, Stand and source, and the funnel before them."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as __

from . import chain, charts
from .guarding import MONTH, YEAR
from .key_figures import latest_figures
from .measures import MEASURES, SPLITS, Measure, Split
from .models import KeyFigure
from .values import Reader, Value, exactly, values

MOST_MONTHS_BESIDE = 12
"""A split over more months than these has a column for each year."""
BARS = 15
"""So many rows of a split are drawn; the table has all."""
FUNNEL = ("applications", "placements")
DECEMBER = 12


@dataclass(frozen=True)
class Chosen:
    """What somebody wants to see: figures, months from the first to the last, and the split."""

    measures: tuple[str, ...]
    stands: tuple[datetime.date, ...]
    split: Split

    @property
    def period(self) -> str:
        """„Januar 2025 – Dezember 2025“."""
        ends = [date_format(day, "F Y") for day in (*self.stands[:1], *self.stands[-1:])]
        return " – ".join(dict.fromkeys(ends))

    @property
    def words(self) -> str:
        """In words, for the log of exports."""
        return f"{self.period}, {SPLITS[self.split]}"


@dataclass(frozen=True)
class Row:
    """One row of a table: the label, a text for each column, and the number of the last one for the chart."""

    label: str
    texts: list[str]
    last: Decimal | None


@dataclass(frozen=True)
class Part:
    """One figure of the report."""

    measure: Measure
    stand: str
    source: str
    months: list[Row]
    heads: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)

    @property
    def trend(self) -> charts.Line | None:
        """None for a single month: that needs no chart."""
        if len(self.months) < 2:
            return None
        points = [(row.label, row.texts[0], row.last) for row in self.months]
        return charts.line(str(self.measure.label), points)

    @property
    def bars(self) -> charts.Bars | None:
        told = [row for row in self.rows if row.last is not None][:BARS]
        if len(told) < 2:
            return None
        rows = [(row.label, row.texts[-1], row.last) for row in told]
        return charts.bars(f"{self.measure.label}, {self.heads[-1]}", rows)


class Report:
    """Built from what was published, in three queries, however long the period is."""

    def __init__(self, chosen: Chosen, reader: Reader) -> None:
        self.chosen, self.reader = chosen, reader
        self.head = chain.head()

    @cached_property
    def _months(self) -> dict[str, list[Value]]:
        wanted = {*self.chosen.measures, *FUNNEL, "active"}
        return _by_measure(values(wanted, [Split.TOTAL], self.chosen.stands, MONTH))

    @cached_property
    def _columns(self) -> tuple[list[datetime.date], bool]:
        """The Stände of the columns of a split, and whether they stand for years."""
        stands = list(self.chosen.stands)
        if len(stands) <= MOST_MONTHS_BESIDE:
            return stands, False
        ends = [day for day in stands if day.month == DECEMBER]
        return ends or stands[-MOST_MONTHS_BESIDE:], bool(ends)

    @cached_property
    def _split(self) -> dict[str, list[Value]]:
        if self.chosen.split == Split.TOTAL:
            return {}
        stands, by_year = self._columns
        years = [slug for slug in self.chosen.measures if by_year and MEASURES[slug].adds_up]
        months = [slug for slug in self.chosen.measures if slug not in years]
        found = values(years, [self.chosen.split], stands, YEAR) if years else []
        return _by_measure(found + values(months, [self.chosen.split], stands, MONTH))

    @cached_property
    def parts(self) -> list[Part]:
        return [self._part(MEASURES[slug]) for slug in self.chosen.measures]

    def _part(self, measure: Measure) -> Part:
        months = self._months.get(measure.slug, [])
        last = months[-1] if months else None
        split = self._split.get(measure.slug, [])
        return Part(
            measure=measure,
            stand=date_format(last.stand, "j. F Y") if last else "–",
            source=last.source if last else "–",
            months=[self._row(month(one.stand), [one]) for one in months],
            heads=self._heads(measure),
            rows=list(self._rows(split)),
            corrections=[self._correction(one) for one in (*months, *split) if one.revision],
        )

    def _heads(self, measure: Measure) -> list[str]:
        stands, by_year = self._columns
        if by_year and measure.adds_up:
            return [str(day.year) for day in stands]
        return [month(day) for day in stands]

    def _row(self, label: str, ones: list[Value | None]) -> Row:
        texts = [self.reader.text(one) for one in ones]
        return Row(label, texts, self.reader.number(ones[-1]))

    def _rows(self, split: list[Value]) -> Iterator[Row]:
        """The rows of a split, the largest first; a row of which the reader is told nothing is left out."""
        stands, _by_year = self._columns
        by_row: dict[str, dict[datetime.date, Value]] = defaultdict(dict)
        for one in split:
            by_row[one.row][one.stand] = one
        written = {one.stand for one in split}
        told = {one.stand for one in split if self.reader.number(one) is not None}
        rows = []
        for ones in by_row.values():
            if all(self.reader.number(one) is None for one in ones.values()):
                continue
            row = self._row(_last_label(ones), [ones.get(day) for day in stands])
            texts = [
                text if day in ones or day in told else untold(day in written)
                for day, text in zip(stands, row.texts, strict=True)
            ]
            last = row.last if stands[-1] in told else None
            rows.append(Row(row.label, texts, last))
        yield from sorted(rows, key=lambda row: (-(row.last or Decimal(-1)), row.label))

    def _correction(self, one: Value) -> str:
        words = {
            "what": one.label or __("ganze Stadt"),
            "when": month(one.stand),
            "why": one.reason,
        }
        return __("%(what)s, %(when)s: berichtigt. %(why)s") % words

    @cached_property
    def stated(self) -> list[KeyFigure]:
        """What the city itself has counted, the newest of each series."""
        return latest_figures()

    @cached_property
    def funnel(self) -> list[Row]:
        """From sign-ups to placements in the period, and who was engaged at its end."""
        rows = [self._sum(MEASURES[slug]) for slug in FUNNEL]
        active = self._months.get("active", [])
        label = str(MEASURES["active"].label)
        return [*rows, *([self._row(label, [active[-1]])] if active else [])]

    @property
    def funnel_chart(self) -> charts.Bars:
        return charts.bars(
            __("Von der Anmeldung zum Einsatz"),
            [(row.label, row.texts[0], row.last) for row in self.funnel],
        )

    def _sum(self, measure: Measure) -> Row:
        """Added up from what the reader reads, so a sum never says more than the months do."""
        numbers = [self.reader.number(one) for one in self._months.get(measure.slug, [])]
        total = sum((one for one in numbers if one is not None), start=Decimal(0))
        text = exactly(total)
        if not self.reader.sees_all:
            text = __("rund %(number)s") % {"number": text}
        return Row(str(measure.label), [text], total)

    def lines(self) -> Iterator[list[object]]:
        """For a spreadsheet: one value in each row, with its Stand and source."""
        yield [
            __("Größe"),
            __("Gliederung"),
            __("Zeile"),
            __("Zeitraum"),
            __("Wert"),
            __("Stand"),
            __("Quelle"),
        ]
        for part in self.parts:
            label, source = str(part.measure.label), part.source
            for row in part.months:
                yield [
                    label,
                    str(SPLITS[Split.TOTAL]),
                    "",
                    row.label,
                    row.texts[0],
                    part.stand,
                    source,
                ]
            for row in part.rows:
                for head, text in zip(part.heads, row.texts, strict=True):
                    yield [
                        label,
                        str(SPLITS[self.chosen.split]),
                        row.label,
                        head,
                        text,
                        part.stand,
                        source,
                    ]
        for one in self.stated:
            city = str(SPLITS[Split.TOTAL])
            yield [one.label, city, "", "", one.value, one.stand_label, one.source]
        yield [__("Prüfsumme der Zahlenkette"), "", "", "", self.head.digest, "", ""]


def _by_measure(found: list[Value]) -> dict[str, list[Value]]:
    by: dict[str, list[Value]] = defaultdict(list)
    for one in found:
        by[one.measure].append(one)
    return by


def _last_label(ones: dict[datetime.date, Value]) -> str:
    return max(ones.values(), key=lambda one: one.stand).label


def untold(is_written_down: bool) -> str:
    """A table that could tell too much is not shown; of an earlier month nothing is known."""
    return __("nicht ausgewiesen") if is_written_down else "–"


def month(stand: datetime.date) -> str:
    return date_format(stand, "m/Y")
