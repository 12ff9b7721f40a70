"""Counts that all processes share: rows in PostgreSQL, each changed by one atomic statement.

Only a keyed hash and a number are stored (``RateCount``). A time window begins with the first try;
when it is over the count starts again, and the chores delete the row.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import RateCount

COUNT = """
    c{step} AS (
        INSERT INTO volunteers_ratecount AS kept (key, count, until) SELECT %s, 1, %s {after}
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN kept.until <= %s THEN 1 ELSE kept.count + 1 END,
            until = CASE WHEN kept.until <= %s THEN excluded.until ELSE kept.until END
        RETURNING count, until
    )
"""
COUNTED = "SELECT {step} AS step, count, until FROM c{step}"


class Counter(NamedTuple):
    """What is counted under ``key``: up to ``times`` in ``seconds``."""

    key: str
    times: int
    seconds: int


Count = tuple[int, datetime.datetime]
"""The new count, and the end of its time window."""


def count_each(counters: Sequence[Counter]) -> list[Count]:
    """Count one more for each, one after the other, in one statement; it ends with the first that is over its limit."""
    now = timezone.now()
    steps, counts, values = [], [], list[str | int | datetime.datetime]()
    for step, (key, _times, seconds) in enumerate(counters):
        steps.append(
            COUNT.format(step=step, after=f"FROM c{step - 1} WHERE count <= %s" if step else "")
        )
        counts.append(COUNTED.format(step=step))
        values += [key, now + datetime.timedelta(seconds=seconds)]
        values += [counters[step - 1].times] if step else []
        values += [now, now]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {','.join(steps)} {' UNION ALL '.join(counts)} ORDER BY step", values)
        return [(counted, until) for _step, counted, until in cursor]


def count(key: str, seconds: int) -> Count:
    """Count one more, without a limit."""
    return count_each([Counter(key, 0, seconds)])[0]


def take_back(key: str) -> None:
    """Count one less, unless the window is over."""
    running = RateCount.objects.filter(key=key, count__gt=0, until__gt=timezone.now())
    running.update(count=F("count") - 1)


def is_first(purpose: str, value: str, seconds: int) -> bool:
    """Whether nobody, in any process, has asked this about ``value`` within ``seconds``."""
    counted, _until = count(key_of(purpose, "once", value), seconds)
    return counted == 1


def key_of(purpose: str, of: str, value: str) -> str:
    text = f"{purpose}|{of}|{value}"
    return salted_hmac("volunteers.guard.limits", text, algorithm="sha256").hexdigest()
