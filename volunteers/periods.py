"""Calculations with days and months, and periods of time as German text.

German words depend on the case: a link works „sieben Tage“, data is deleted „nach sieben Tagen“.
The caller passes the number from its setting.
"""

import calendar
import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.holidays import holiday_on

SATURDAY = 5


def add_months(day: datetime.date, months: int) -> datetime.date:
    """31 January plus one month is 28 or 29 February; ``months`` may be negative."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def add_years(day: datetime.date, years: int) -> datetime.date:
    return add_months(day, 12 * years)


def last_day_over(months: int, today: datetime.date) -> datetime.date:
    """The last day from which ``months`` months have passed on ``today``.

    Several days have the same end: half a year after 29, 30 and 31 August is 28 February.
    """
    day = datetime.timedelta(days=1)
    return max(add_months(today, -months), add_months(today + day, -months) - day)


def over_before(months: int) -> datetime.datetime:
    """What ended before this moment is at least ``months`` months ago today, by days in Stuttgart."""
    day = last_day_over(months, timezone.localdate()) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def is_working_day(day: datetime.date) -> bool:
    """Monday to Friday, and no public holiday (:mod:`programs.holidays`)."""
    return day.weekday() < SATURDAY and not holiday_on(day)


def working_days_after(day: datetime.date, number: int) -> datetime.date:
    """The working day that is ``number`` working days after ``day``, which need not be one itself."""
    while number:
        day += datetime.timedelta(days=1)
        number -= is_working_day(day)
    return day


def after_working_days_in_words(number: int) -> str:
    """After how long: „einem Arbeitstag“."""
    return ngettext("einem Arbeitstag", "%(number)s Arbeitstagen", number) % {
        "number": spelled(number)
    }


def reminder_day(now: datetime.datetime | None = None) -> datetime.date:
    """The day whose reminders may be sent: today from ``REMINDERS_FROM_HOUR`` local time, else yesterday."""
    local = timezone.localtime(now)
    early = local.hour < settings.REMINDERS_FROM_HOUR
    return local.date() - datetime.timedelta(days=1) if early else local.date()


def spelled(number: int) -> str:
    """From two to twelve as a word, all others in digits."""
    words = {
        2: _("zwei"),
        3: _("drei"),
        4: _("vier"),
        5: _("fünf"),
        6: _("sechs"),
        7: _("sieben"),
        8: _("acht"),
        9: _("neun"),
        10: _("zehn"),
        11: _("elf"),
        12: _("zwölf"),
    }
    return words.get(number, str(number))


def hours(number: int) -> str:
    return ngettext("%(number)d Stunde", "%(number)d Stunden", number) % {"number": number}


def days(number: int) -> str:
    return ngettext("%(number)d Tag", "%(number)d Tage", number) % {"number": number}


def minutes(number: int) -> str:
    return ngettext("%(number)d Minute", "%(number)d Minuten", number) % {"number": number}


def months(number: int) -> str:
    return ngettext("%(number)d Monat", "%(number)d Monate", number) % {"number": number}


def days_in_words(number: int) -> str:
    """How long: „sieben Tage“."""
    return ngettext("einen Tag", "%(number)s Tage", number) % {"number": spelled(number)}


def weeks_in_words(days: int) -> str:
    """How long: „eine Woche“; in days where these are no whole weeks."""
    weeks, rest = divmod(days, 7)
    if rest or not weeks:
        return days_in_words(days)
    return ngettext("eine Woche", "%(number)s Wochen", weeks) % {"number": spelled(weeks)}


def after_minutes_in_words(number: int) -> str:
    """After how long: „zehn Minuten“."""
    return ngettext("einer Minute", "%(number)s Minuten", number) % {"number": spelled(number)}


def after_days(number: int) -> str:
    """After how long: „7 Tagen“."""
    return ngettext("%(number)d Tag", "%(number)d Tagen", number) % {"number": number}


def after_days_in_words(number: int) -> str:
    """After how long: „sieben Tagen“."""
    return ngettext("einem Tag", "%(number)s Tagen", number) % {"number": spelled(number)}


def after_months(number: int) -> str:
    """After how long: „6 Monaten“."""
    return ngettext("%(number)d Monat", "%(number)d Monaten", number) % {"number": number}


def after_weeks_in_words(days: int) -> str:
    """After how long: „zwei Wochen“; in days where these are no whole weeks."""
    weeks, rest = divmod(days, 7)
    if rest or not weeks:
        return after_days_in_words(days)
    return ngettext("einer Woche", "%(number)s Wochen", weeks) % {"number": spelled(weeks)}
