"""The filter for dates in lists: periods that move on with the calendar."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Bounds = tuple[datetime.date, datetime.date]
SUFFIX = "zeitraum"


def _last_days(number: int) -> Callable[[datetime.date], Bounds]:
    """Today and so many days before."""

    def bounds(today: datetime.date) -> Bounds:
        day = datetime.timedelta(days=1)
        return today - number * day, today + day

    return bounds


def _month(today: datetime.date, *, back: int = 0) -> Bounds:
    first = today.replace(day=1)
    for _number in range(back):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return first, (first + datetime.timedelta(days=32)).replace(day=1)


def _year(today: datetime.date, *, back: int = 0) -> Bounds:
    first = datetime.date(today.year - back, 1, 1)
    return first, first.replace(year=first.year + 1)


PERIODS: dict[str, tuple[str | Promise, Callable[[datetime.date], Bounds]]] = {
    "7-tage": (_("letzte 7 Tage"), _last_days(7)),
    "30-tage": (_("letzte 30 Tage"), _last_days(30)),
    "monat": (_("dieser Monat"), _month),
    "letzter-monat": (_("letzter Monat"), lambda today: _month(today, back=1)),
    "jahr": (_("dieses Jahr"), _year),
    "letztes-jahr": (_("letztes Jahr"), lambda today: _year(today, back=1)),
}
"""Value in the address → name, and the first day and the day after the last one."""


class PeriodFilter(FieldListFilter):
    """The address says „letzter Monat“, never its days, so a saved list shows next month the next one.

    Django's own filter for dates writes the days into the address.
    """

    def __init__(self, field: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.parameter = f"{kwargs['field_path']}__{SUFFIX}"
        super().__init__(field, request, *args, **kwargs)

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def value(self) -> str:
        given: Any = self.used_parameters.get(self.parameter) or [""]
        return str(given[-1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.value() not in PERIODS:
            raise IncorrectLookupParameters
        first, after = PERIODS[self.value()][1](timezone.localdate())
        bounds = {"gte": self._moment(first), "lt": self._moment(after)}
        return queryset.filter(
            **{f"{self.field_path}__{name}": day for name, day in bounds.items()}
        )

    def _moment(self, day: datetime.date) -> datetime.date:
        """The day, or its first moment in Stuttgart for a column with times."""
        if not isinstance(self.field, models.DateTimeField):
            return day
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": not self.value(),
            "query_string": changelist.get_query_string(remove=[self.parameter]),
            "display": _("Alle"),
        }
        for value, (name, _bounds) in PERIODS.items():
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter: value}),
                "display": name,
            }
