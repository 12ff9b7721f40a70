"""Months of the city's calendar: their last day, and their first and last moment in Europe/Berlin."""

import datetime

from django.utils import timezone


def last_day(day: datetime.date) -> datetime.date:
    """The last day of the month of ``day``."""
    return next_first(day) - datetime.timedelta(days=1)


def next_first(day: datetime.date) -> datetime.date:
    """The first day of the month after that of ``day``."""
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def month_before(day: datetime.date) -> datetime.date:
    """The last day of the month before that of ``day``."""
    return day.replace(day=1) - datetime.timedelta(days=1)


def moments(stand: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """From when and before when something is in the month: midnights on the clock of the city."""
    return midnight(stand.replace(day=1)), midnight(next_first(stand))


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def add_days(day: datetime.date, number: int) -> datetime.date:
    return day + datetime.timedelta(days=number)
