"""Jobs that nobody starts by a click; the worker runs all of them every minute.

Each job finds its records by their present state and handles them in small transactions, so it may
run at any time, twice at once, and after any break.
"""

import logging
from collections.abc import Callable

from programs.exchange import background, uploads
from programs.history import by_portal

from . import reminders
from .notifications import outbox
from .services import (
    check_ins,
    checks,
    date_waves,
    dates,
    rules,
    shortages,
    tandems,
    waiting_lists,
)

logger = logging.getLogger(__name__)

CHORES: tuple[Callable[[], object], ...] = (
    waiting_lists.lapse_offers,
    waiting_lists.move_up,
    waiting_lists.tell_changes,
    checks.delete_unneeded_checks,
    reminders.send_due,
    tandems.lapse_proposals,
    check_ins.ask_due,
    date_waves.send_waves,
    dates.lapse_dates,
    shortages.refresh_due,
    rules.record_due,
    uploads.sweep,
    background.delete_expired,
    outbox.queue_left_behind,
)


@by_portal("chores")
def run_all() -> None:
    """Run every job; an error in one does not stop the others, and it runs again in a minute."""
    for chore in CHORES:
        try:
            chore()
        except Exception:
            logger.exception("Chore %s failed", chore.__name__)
