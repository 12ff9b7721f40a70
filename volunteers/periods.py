"""Calendar arithmetic: a month later is the same day of the month, or the last one there is."""

import calendar
import datetime


def add_months(day: datetime.date, months: int) -> datetime.date:
    """31 January and one month is 28 or 29 February; ``months`` may be negative."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def add_years(day: datetime.date, years: int) -> datetime.date:
    return add_months(day, 12 * years)
