"""Reminders: mails that the portal sends on its own on a certain day, each exactly once.

A kind finds what is due *by the present state of the records*, and never asks whether today is the
day. So a worker that was down for three days finds what it missed. A ``Reminder`` row is inserted
in the transaction that writes the mail, and its unique constraint prevents a second one, however
many workers run. If the worker is killed before the commit, nothing has happened; after it, the
mail is in the outbox.
"""

from . import (
    applications,
    checks,
    concerns,
    dates,
    enquiries,
    events,
    expenses,
    organisation_proposals,
    tandem_rules,
    tandems,
)
from .kinds import Kind, send_all

KINDS: tuple[Kind, ...] = (
    *applications.KINDS,
    *enquiries.KINDS,
    *expenses.KINDS,
    *organisation_proposals.KINDS,
    *events.KINDS,
    *checks.KINDS,
    *tandems.KINDS,
    *tandem_rules.KINDS,
    *concerns.KINDS,
    *dates.KINDS,
)


def send_due() -> int:
    """Send everything that is due now; returns how many."""
    return send_all(KINDS)
