"""Adds facts up to cells: one for the whole city, and one for each row of each split."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as __

from programs.models import District, Entry, Field
from volunteers.models import Tandem

from .counting import Fact
from .measures import Counts, Measure, Split

Key = TypeVar("Key", int, str)
NONE = "none"
"""Key of the row for what belongs to no organisation, programme or field."""
SEVERAL = "several"
"""Key of the row for what is in several districts, or in the whole city."""


class Cell(NamedTuple):
    """What was counted for one row: the value, and how many people are behind it if it is about people."""

    label: str
    value: Decimal | None
    people: int | None


Cells = dict[Split, dict[str, Cell]]


class Places:
    """To which rows an entry belongs, as the directory says it today; five queries."""

    def __init__(self) -> None:
        programme = Entry.Kind.PROGRAMME
        part_of = "opportunity_entry__part_of"
        entries = Entry.objects.values_list("pk", "kind", part_of, f"{part_of}__kind", "title")
        self.titles: dict[int, str] = {}
        self.programmes: dict[int, int] = {}
        for pk, kind, above, kind_above, title in entries:
            self.titles[pk] = title
            if kind == programme:
                self.programmes[pk] = pk
            elif kind_above == programme:
                self.programmes[pk] = above
        self.districts = _lists(Entry.districts.through.objects.values_list("entry", "district"))
        self.fields = _lists(Entry.fields.through.objects.values_list("entry", "field"))
        self.district_names = dict(District.objects.values_list("pk", "short_name"))
        self.field_names = dict(Field.objects.values_list("pk", "name"))

    def rows(self, split: Split, fact: Fact) -> Iterator[tuple[str, str]]:
        """Key and label of each row that the fact belongs to."""
        match split:
            case Split.TOTAL:
                yield "", ""
            case Split.ORGANISATION:
                yield self._title(fact.organisation, __("ohne Organisation (Sozialamt)"))
            case Split.PROGRAMME:
                yield self._title(self.programmes.get(fact.entry or 0), __("ohne Programm"))
            case Split.DISTRICT:
                yield self._district(fact)
            case Split.FIELD:
                yield from self._fields(fact)
            case Split.REASON:
                labels = dict(Tandem.EndReason.choices)
                yield fact.reason or NONE, str(labels.get(fact.reason, __("ohne Angabe")))

    def _title(self, number: int | None, nobodys: str) -> tuple[str, str]:
        return (NONE, nobodys) if number is None else (str(number), self.titles.get(number, "–"))

    def _district(self, fact: Fact) -> tuple[str, str]:
        ones = [fact.district] if fact.district else self.districts.get(fact.entry or 0, [])
        if len(ones) != 1:
            return SEVERAL, __("mehrere Bezirke oder ganze Stadt")
        return str(ones[0]), self.district_names[ones[0]]

    def _fields(self, fact: Fact) -> Iterator[tuple[str, str]]:
        fields = self.fields.get(fact.entry or 0, [])
        for one in fields:
            yield str(one), self.field_names[one]
        if not fields:
            yield NONE, __("ohne Feld")


def _lists(pairs: Iterable[tuple[int, Key]]) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = defaultdict(list)
    for entry, one in pairs:
        found[entry].append(one)
    return found


def cells(measure: Measure, facts: Iterable[Fact], places: Places) -> Cells:
    """All cells of one figure and one month; the whole city has one even if nothing was counted."""
    found: dict[Split, dict[tuple[str, str], list[Fact]]] = {
        split: defaultdict(list) for split in (Split.TOTAL, *measure.splits)
    }
    found[Split.TOTAL]["", ""] = []
    for fact in facts:
        for split, rows in found.items():
            for row in places.rows(split, fact):
                rows[row].append(fact)
    return {
        split: {key: _cell(measure, label, some) for (key, label), some in rows.items()}
        for split, rows in found.items()
    }


def _cell(measure: Measure, label: str, facts: list[Fact]) -> Cell:
    if measure.counts is Counts.PERSONS:
        persons = len({fact.person for fact in facts})
        return Cell(label, Decimal(persons), persons)
    if measure.counts is Counts.DAYS:
        days = [fact.amount for fact in facts]
        return Cell(label, Decimal(median(days)) if days else None, len(days))
    total = sum((fact.amount for fact in facts), start=Decimal(0))
    if measure.counts is Counts.HOURS:
        return Cell(label, total, len({fact.person for fact in facts} - {None}))
    return Cell(label, total, int(total) if measure.counts is Counts.RECORDS else None)
