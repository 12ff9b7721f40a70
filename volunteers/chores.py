"""What has to happen without anybody clicking; the worker runs all of it every minute.

Each chore finds its work by the state of the records and does it in small transactions, so it may
run at any time, twice at once, and after any break.
"""

import logging
from collections.abc import Callable

from programs.exchange import uploads
from programs.history import by_portal

from . import reminders
from .services import check_ins, checks, tandems, waiting_lists

logger = logging.getLogger(__name__)

CHORES: tuple[Callable[[], object], ...] = (
    waiting_lists.lapse_offers,
    waiting_lists.move_up,
    waiting_lists.tell_changes,
    checks.delete_unneeded_checks,
    reminders.send_due,
    tandems.lapse_proposals,
    check_ins.ask_due,
    uploads.sweep,
)


@by_portal("chores")
def run_all() -> None:
    """Run every chore; one that fails does not hold up the others and is tried again in a minute."""
    for chore in CHORES:
        try:
            chore()
        except Exception:
            logger.exception("Chore %s failed", chore.__name__)
