"""Months of the calendar, and what happens on each of their days."""

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from django.urls import reverse
from django.utils import timezone

from programs.holidays import holiday_on
from programs.models import Event, EventQuerySet

YEARS = range(2015, 2101)
"""Years that have an address."""


class Month(NamedTuple):
    year: int
    month: int

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        return cls(day.year, day.month)

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, self.month, 1)

    @property
    def path(self) -> str:
        return reverse("programs:month", args=[self.year, self.month])

    def plus(self, months: int) -> "Month":
        """The month so many months later, or earlier if ``months`` is negative."""
        number = self.year * 12 + self.month - 1 + months
        return Month(number // 12, number % 12 + 1)


@dataclass
class Day:
    date: datetime.date
    is_in_month: bool
    is_today: bool
    holiday: str
    events: list[Event] = field(default_factory=list)


def days_of(month: Month, events: Iterable[Event]) -> list[Day]:
    """The days of all weeks that touch ``month``, from Monday on, with their ``events``.

    An event of several days is on each of them. Days of the months beside it stay empty.
    """
    today = timezone.localdate()
    dates = calendar.Calendar().itermonthdates(month.year, month.month)
    days = {day: Day(day, Month.of(day) == month, day == today, holiday_on(day)) for day in dates}
    for event in events:
        for date in _dates(event):
            if date in days and days[date].is_in_month:
                days[date].events.append(event)
    return list(days.values())


def _dates(event: Event) -> Iterator[datetime.date]:
    """The days of the event; who stays until midnight does not stay for another day."""
    date = timezone.localdate(event.starts_at)
    last = timezone.localdate(event.ends_at - datetime.timedelta(microseconds=1))
    while date <= last:
        yield date
        date += datetime.timedelta(days=1)


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def between(first: datetime.date, after: datetime.date) -> EventQuerySet:
    """Published events of these days, without the last one, in the order in which they begin."""
    events = Event.objects.listed()
    events = events.filter(starts_at__lt=midnight(after), ends_at__gt=midnight(first))
    return events.order_by("starts_at", "pk")


def neighbours(month: Month) -> tuple[Month | None, Month | None]:
    """The months before and after it to turn to: none beyond the first and the last event."""
    starts = Event.objects.listed().order_by("starts_at").values_list("starts_at", flat=True)
    known = [Month.of(timezone.localdate(at)) for at in (starts.first(), starts.last()) if at]
    known.append(Month.of(timezone.localdate()))
    before = month.plus(-1) if min(known) < month else None
    after = month.plus(1) if month < max(known) else None
    return before, after
