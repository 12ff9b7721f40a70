"""On which days the demo's invented events are."""

import datetime

import pytest
from django.utils import timezone

from portal.demo_data.events import starts_on


@pytest.mark.parametrize("in_days", [1, 18, 26, -20])
def test_nobody_meets_on_a_day_off_and_what_is_over_stays_over(in_days: int) -> None:
    off = {datetime.date(2026, 12, day) for day in (24, 25, 26, 31)}
    off |= {datetime.date(2027, 1, 1), datetime.date(2027, 1, 6), datetime.date(2027, 3, 26)}
    for today in (datetime.date(2026, 11, 1) + datetime.timedelta(days=n) for n in range(366)):
        day = timezone.localdate(starts_on(today, in_days, "18:00"))
        assert day not in off
        assert day.weekday() != 6
        assert (day > today) == (in_days > 0)
        assert abs((day - today).days - in_days) < 5
