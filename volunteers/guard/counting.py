"""Counts that all processes share: rows in PostgreSQL, each changed by one atomic statement.

Only a keyed hash and a number are stored (``RateCount``). A time window begins with the first try;
when it is over the count starts again, and the chores delete the row.
"""

import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import RateCount

COUNT = """
    INSERT INTO volunteers_ratecount AS kept (key, count, until) VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.until <= %(now)s THEN 1 ELSE kept.count + 1 END,
        until = CASE WHEN kept.until <= %(now)s THEN excluded.until ELSE kept.until END
    RETURNING count, until
"""


def count(key: str, seconds: int) -> tuple[int, datetime.datetime]:
    """Count one more; returns the new count and the end of its time window."""
    now = timezone.now()
    until = now + datetime.timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": now, "until": until})
        counted, ends = cursor.fetchone()
    return counted, ends


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
