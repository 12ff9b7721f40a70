"""Invented security events: in one night somebody tried many passwords for one account."""

import datetime

from volunteers.guard import security_log
from volunteers.models import SecurityEvent, User

from .once import Once

TRIED = "eva@example.org"
TIMES = 12


def load(once: Once, now: datetime.datetime) -> int:
    """Create failed logins to one account, and the rate limit that stopped them; returns how many."""
    user = User.objects.filter(email=TRIED).first()
    if user is None or not once.is_new("security", TRIED):
        return 0
    started = now - datetime.timedelta(hours=9)
    for number in range(TIMES):
        last = number == TIMES - 1
        kind = SecurityEvent.Kind.LIMITED if last else SecurityEvent.Kind.LOGIN_FAILED
        event = security_log.record(kind, about="login target" if last else user)
        at = started + datetime.timedelta(seconds=7 * number)
        SecurityEvent.objects.filter(pk=event.pk).update(at=at)
    return TIMES
