"""Going through the kinds of reminders, and taking each reminder once."""

import datetime
import logging
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..models import Reminder

logger = logging.getLogger(__name__)

Due = tuple[int, datetime.date]
"""The key of the record and the date for which it is due."""


class Kind(NamedTuple):
    """``find`` gives what is due on a day and not in the ledger; ``send`` writes the mail of one."""

    purpose: str
    find: Callable[[datetime.date], Iterable[Due]]
    send: Callable[[int, datetime.date], None]


def reminder_day(now: datetime.datetime | None = None) -> datetime.date:
    """The day whose reminders may go out: from ``REMINDERS_FROM_HOUR`` local time, before it yesterday."""
    local = timezone.localtime(now)
    early = local.hour < settings.REMINDERS_FROM_HOUR
    return local.date() - datetime.timedelta(days=1) if early else local.date()


def is_new(purpose: str, subject: int, due_on: datetime.date) -> bool:
    """Take a reminder; False when somebody took it before. Call inside the mail's transaction.

    Of two at the same time the second waits here until the first has committed.
    """
    _, created = Reminder.objects.get_or_create(purpose=purpose, subject=subject, due_on=due_on)
    return created


def not_taken(purpose: str, dues: Collection[Due]) -> list[Due]:
    """Those of ``dues`` that are not in the ledger; one query."""
    subjects = [subject for subject, _ in dues]
    taken = Reminder.objects.filter(purpose=purpose, subject__in=subjects)
    known = set(taken.values_list("subject", "due_on"))
    return [due for due in dues if due not in known]


def send_all(kinds: Iterable[Kind]) -> int:
    """Send everything that is due now; returns how many. One that fails does not hold up the others."""
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
            if not is_new(kind.purpose, *due):
                return False
            kind.send(*due)
    except Exception:
        # Nothing is in the ledger, so that the next round tries again.
        logger.exception("Reminder %s for %s failed", kind.purpose, due)
        return False
    return True
