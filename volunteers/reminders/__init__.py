"""Reminders: what the portal sends by itself when its day has come, each exactly once.

A kind finds what is due *by the state of the records*, never by asking whether today is the day: a
worker that slept for three days finds what it missed. The ledger (``Reminder``) takes each one in
the transaction that writes its mail, and its unique constraint lets nobody take it twice, however
many workers run. Killed before the commit, nothing has happened; after it, the mail is in the
outbox.
"""

from . import applications, checks, events
from .kinds import Kind, send_all

KINDS: tuple[Kind, ...] = (*applications.KINDS, *events.KINDS, *checks.KINDS)


def send_due() -> int:
    """Send everything that is due now; returns how many."""
    return send_all(KINDS)
