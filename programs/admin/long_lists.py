"""Lists of millions of rows: what is counted, how far one can leaf, and by what one can sort.

A list of up to :data:`COUNTED` rows is counted and sorted by any column. Of a longer one the number is
what PostgreSQL expects („etwa 2.000.000“), one can leaf through the first :data:`SHOWN` rows, and it is
sorted by the columns that an index keeps in order. So every page of it costs what it costs with few rows.
"""

import datetime
import json
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.formats import number_format

COUNTED = 20_000
"""The most rows of a list that is counted and sorted by whatever column somebody chooses."""
SHOWN = 10_000
"""How many rows of a longer list one can leaf through."""
FIGURES = 2
"""Leading digits of an estimate that are shown; the others become zero."""


def expected(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects; it reads none for that."""
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plans = json.loads(found) if isinstance(found, str) else found
    return int(plans[0]["Plan"]["Plan Rows"])


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

    parts: Sequence[QuerySet[Any]] = ()
    """What the list consists of, in this order, where one index keeps no order of all; the first are few rows."""

    @cached_property
    def estimate(self) -> int:
        """The expected number of rows."""
        return expected(self.object_list) if isinstance(self.object_list, QuerySet) else 0

    @cached_property
    def count(self) -> int:
        """The number of rows; of a long list about how many."""
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        if self.estimate > 2 * COUNTED:
            return rounded(self.estimate)
        found: int = rows.order_by()[: COUNTED + 1].count()
        return found if found <= COUNTED else rounded(max(found, self.estimate))

    @property
    def is_long(self) -> bool:
        return self.count > COUNTED

    @property
    def shown(self) -> str:
        """How many rows of a long list one can leaf through."""
        return number_format(SHOWN, force_grouping=True)

    @cached_property
    def num_pages(self) -> int:
        most = SHOWN if self.is_long else self.count
        return max(1, -(-most // self.per_page))

    def page(self, number: int | str) -> Page[Any]:
        if not self.parts:
            return super().page(number)
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: list[Any] = []
        for part in self.parts[:-1]:
            size = part.order_by()[:SHOWN].count()
            if start < size:
                rows += part[start : start + self.per_page - len(rows)]
            start = max(start - size, 0)
        if lacking := self.per_page - len(rows):
            rows += self.parts[-1][start : start + lacking]
        return Page(rows, number, self)


class Ranges:
    """The days of a long list, for Django's links to years, months and days.

    Django reads all rows to find those that have some; here every year from the first row to the last
    has a link, which in a list of this length is nearly the same.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def aggregate(self, first: Min, last: Max) -> dict[str, Any]:
        """The first and the last value."""
        name = first.get_source_expressions()[0].name
        values = self.rows.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
        self.bounds = {
            "first": values.order_by(name).first(),
            "last": values.order_by(f"-{name}").first(),
        }
        return self.bounds

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
