"""Days and months: what is later, what is over, whose day has come."""

import calendar
import datetime

from django.conf import settings
from django.utils import timezone


def add_months(day: datetime.date, months: int) -> datetime.date:
    """31 January and one month is 28 or 29 February; ``months`` may be negative."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def add_years(day: datetime.date, years: int) -> datetime.date:
    return add_months(day, 12 * years)


def last_day_over(months: int, today: datetime.date) -> datetime.date:
    """The last day from which ``months`` months have passed on ``today``.

    Several days end on the same one: 29, 30 and 31 August, and half a year, are all 28 February.
    """
    day = datetime.timedelta(days=1)
    return max(add_months(today, -months), add_months(today + day, -months) - day)


def over_before(months: int) -> datetime.datetime:
    """What was before this moment is over for ``months`` months today, by the days in Stuttgart."""
    day = last_day_over(months, timezone.localdate()) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def reminder_day(now: datetime.datetime | None = None) -> datetime.date:
    """The day whose reminders may go out: from ``REMINDERS_FROM_HOUR`` local time, before it yesterday."""
    local = timezone.localtime(now)
    early = local.hour < settings.REMINDERS_FROM_HOUR
    return local.date() - datetime.timedelta(days=1) if early else local.date()
