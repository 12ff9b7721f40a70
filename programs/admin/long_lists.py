"""Lists of millions of rows: what is counted, how far one can leaf, and by what one can sort.

A list of up to :data:`COUNTED` rows is counted and sorted by any column. Of a longer one the number is
what PostgreSQL expects („etwa 2.000.000“), one can leaf through the first :data:`SHOWN` rows, and it is
sorted by the columns that an index keeps in order. So every page of it costs what it costs with few rows.
"""

import datetime
import json
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.formats import number_format

from programs.one_row import OneOf
from programs.united import united

from .typed import M

COUNTED = 20_000
"""The most rows of a list that is counted and sorted by whatever column somebody chooses."""
COSTLY = 200_000
"""A list that costs more to read is not counted, however few rows it has (:attr:`Expected.cost`)."""
SHOWN = 10_000
"""How many rows of a longer list one can leaf through."""
FIGURES = 2
"""Leading digits of an estimate that are shown; the others become zero."""


class Expected(NamedTuple):
    """What PostgreSQL expects of a query; it reads no row for that."""

    rows: int = 0
    cost: float = 0
    """Of all its rows, in the units of its planner, of which there are about two in a microsecond."""


def expected(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects."""
    return expected_of_each([rows])[0]


def walked(rows: QuerySet[M], part: float) -> QuerySet[M]:
    """``rows`` of a condition that is asked row by row (``one_row.has_one``), so they are never counted.

    PostgreSQL takes such a condition for nearly always true; ``part`` is how many of the rows it is true of.
    """
    return _known(rows, part=part * (part_of(rows) or 1))


def part_of(rows: QuerySet[Any]) -> float | None:
    """The ``part`` of :func:`walked`; None where PostgreSQL knows best."""
    part: float | None = getattr(rows.query, "part", None)
    return part


def among(rows: QuerySet[M], keys: QuerySet[Any], field: str = "pk") -> QuerySet[M]:
    """Those of ``rows`` whose ``field`` is among ``keys``, of which there are some thousands at most.

    They are looked up one by one: for IN, PostgreSQL may read all rows.
    """
    return _known(rows.filter(OneOf(field, ArraySubquery(keys))), is_counted=True)


def counted_to(rows: QuerySet[M], most: int) -> QuerySet[M]:
    """``rows`` that cost more to find than others: if more than ``most`` are expected, they are not counted."""
    return _known(rows, most=most)


def cut(rows: Any, start: int, end: int) -> Any:
    """Those from ``start`` to before ``end``; of those before, PostgreSQL reads no more than the order needs."""
    if not start or not isinstance(rows, QuerySet):
        return rows[start:end]
    return rows.filter(OneOf("pk", ArraySubquery(rows.values("pk")[start:end])))


def _known(rows: QuerySet[M], **facts: Any) -> QuerySet[M]:
    """``rows`` with what the paginator has to know; all querysets that are made from them keep it."""
    rows = rows.all()
    vars(rows.query).update(facts)
    return rows


def expected_of_each(several: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows PostgreSQL expects of each; one query."""
    return [one.rows for one in plans_of(several)]


def plans_of(several: Sequence[QuerySet[Any]]) -> list[Expected]:
    """What PostgreSQL expects of each; one query."""
    found_of = [Expected()] * len(several)
    parts: list[tuple[int, str]] = []
    values: list[Any] = []
    for place, rows in enumerate(several):
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((place, f"ARRAY({sql})"))
        values += params
    if parts:
        with connections[several[0].db].cursor() as cursor:
            listed = ", ".join(sql for _place, sql in parts)
            cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT {listed}", values)
            found = cursor.fetchone()[0]
        plans = json.loads(found) if isinstance(found, str) else found
        for (place, _sql), plan in zip(parts, plans[0]["Plan"]["Plans"], strict=True):
            number = round(plan["Plan Rows"] * (part_of(several[place]) or 1))
            found_of[place] = Expected(number, plan["Total Cost"])
    return found_of


def rounded(number: int) -> int:
    """1 234 567 → 1 200 000."""
    unit: int = 10 ** max(len(str(number)) - FIGURES, 0)
    return round(number / unit) * unit


if TYPE_CHECKING:
    Pages = Paginator[Any]
else:
    Pages = Paginator


class LongPaginator(Pages):
    """Pages of a list; knows whether it ``is_long``, and then neither counts nor reads it to the end."""

    root: QuerySet[Any] | None = None
    """For a search: the list without it. To find rows costs more than to read them, so keys are read once."""
    parts: Sequence[QuerySet[Any]] = ()
    """What the list consists of, in this order, where one index keeps no order of all; the first are few rows."""

    @cached_property
    def plan(self) -> Expected:
        """What to expect of all rows; nobody asks for it where there are few (:func:`among`)."""
        rows: Any = self.object_list
        return Expected() if getattr(rows.query, "is_counted", False) else plans_of([rows])[0]

    @property
    def most(self) -> int:
        """How many rows may be expected of a search that is counted (:func:`counted_to`)."""
        rows: Any = self.object_list
        most: int = getattr(rows.query, "most", COUNTED)
        return most

    @property
    def estimate(self) -> int:
        """The expected number of rows."""
        return self.plan.rows

    @cached_property
    def exact(self) -> int | None:
        """The number of rows; None where counting costs too much."""
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        if part_of(rows) or self.estimate > (2 * COUNTED if self.root is None else self.most):
            return None
        if self.root is None and self.plan.cost > COSTLY:
            return None
        found = rows.order_by()[: COUNTED + 1].count() if self.root is None else len(self.keys)
        return found if found <= COUNTED else None

    @cached_property
    def count(self) -> int:
        """The number of rows; of a long list about how many."""
        if self.exact is not None:
            return self.exact
        rows: Any = self.object_list
        is_less = part_of(rows) or self.plan.cost > COSTLY or COUNTED >= self.estimate > self.most
        return rounded(self.estimate if is_less else max(self.estimate, COUNTED + 1))

    @cached_property
    def keys(self) -> list[Any]:
        """Those of the rows, in order, as far as a list is counted."""
        rows: Any = self.object_list
        return list(rows.values_list("pk", flat=True)[: COUNTED + 1])

    @property
    def found(self) -> QuerySet[Any]:
        """All rows in any order; those of a search by their keys, so that nothing is looked for again."""
        rows: Any = self.object_list
        if self.root is not None:
            rows = self.root.model._default_manager.filter(OneOf("pk", self.keys))
        return cast("QuerySet[Any]", rows)

    def rows(self, start: int = 0, end: int | None = None) -> Any:
        """Those from ``start`` to before ``end``, in order."""
        if self.root is None or self.is_long:
            return cut(self.object_list, start, end) if end else self.object_list
        keys = self.keys[start:end]
        found = {row.pk: row for row in self.root.filter(OneOf("pk", keys))}
        return [found[key] for key in keys if key in found]

    @property
    def is_long(self) -> bool:
        return self.exact is None

    @property
    def shown(self) -> str:
        """How many rows of a long list one can leaf through."""
        return number_format(SHOWN, force_grouping=True)

    @cached_property
    def num_pages(self) -> int:
        most = min(SHOWN, self.count) if self.is_long else self.count
        return max(1, -(-most // self.per_page))

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        if self.parts:
            return self._page_of_parts(number)
        start = (number - 1) * self.per_page
        return Page(self.rows(start, start + self.per_page), number, self)

    def _page_of_parts(self, number: int) -> Page[Any]:
        start = (number - 1) * self.per_page
        rows: list[Any] = []
        for part in self.parts[:-1]:
            size = part.order_by()[:SHOWN].count()
            if start < size:
                rows += part[start : start + self.per_page - len(rows)]
            start = max(start - size, 0)
        if lacking := self.per_page - len(rows):
            rows += cut(self.parts[-1], start, start + lacking)
        return Page(rows, number, self)


class Ranges:
    """The days of a long list, for Django's links to years, months and days.

    Django reads all rows to find those that have some; here every year from the first row to the last
    has a link, which in a list of this length is nearly the same.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.bounds: dict[str, dict[str, Any]] = {}

    def aggregate(self, first: Min, last: Max) -> dict[str, Any]:
        """The first and the last value; one query, however often they are asked for."""
        name = first.get_source_expressions()[0].name
        if name not in self.bounds:
            values = self.rows.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
            ends = [values.order_by(one)[:1] for one in (name, f"-{name}")]
            found = list(united(*ends))
            self.bounds[name] = {
                "first": min(found, default=None),
                "last": max(found, default=None),
            }
        return self.bounds[name]

    def dates(self, name: str, unit: str) -> list[datetime.date]:
        """The first day of each year or month, or each day, between the two."""
        found = self.aggregate(Min(name), Max(name))
        if not found["first"]:
            return []
        first, last = (_day(found[one]) for one in ("first", "last"))
        days = [first.replace(month=1 if unit == "year" else first.month, day=1)]
        if unit == "day":
            days = [first]
        while (after := _next(days[-1], unit)) <= last:
            days.append(after)
        return days

    datetimes = dates


def _day(value: datetime.date) -> datetime.date:
    return timezone.localdate(value) if isinstance(value, datetime.datetime) else value


def _next(day: datetime.date, unit: str) -> datetime.date:
    if unit == "day":
        return day + datetime.timedelta(days=1)
    later = day + datetime.timedelta(days=366 if unit == "year" else 32)
    return later.replace(month=1 if unit == "year" else later.month, day=1)
