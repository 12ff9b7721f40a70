"""The type of a kind of reminder, and the job that goes through all kinds."""

import datetime
import logging
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import transaction

from ..models import Reminder
from ..periods import reminder_day

logger = logging.getLogger(__name__)

Due = tuple[int, datetime.date]
"""Primary key of the record and the date for which it is due."""


class Kind(NamedTuple):
    """``find`` gives what is due on a day and has no ``Reminder`` yet; ``send`` writes one mail."""

    purpose: str
    find: Callable[[datetime.date], Iterable[Due]]
    send: Callable[[int, datetime.date], None]


def send_all(kinds: Iterable[Kind]) -> int:
    """Send everything that is due now; returns how many. An error in one does not stop the others."""
    day = reminder_day()
    return sum(_send(kind, due) for kind in kinds for due in _found(kind, day))


def _found(kind: Kind, day: datetime.date) -> list[Due]:
    try:
        with transaction.atomic():
            return list(kind.find(day))
    except Exception:
        logger.exception("Finding reminders %s failed", kind.purpose)
        return []


def _send(kind: Kind, due: Due) -> bool:
    try:
        with transaction.atomic():
            if not Reminder.objects.take(kind.purpose, *due):
                return False
            kind.send(*due)
    except Exception:
        # The reminder was rolled back, so the next run tries again.
        logger.exception("Reminder %s for %s failed", kind.purpose, due)
        return False
    return True
