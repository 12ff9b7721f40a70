"""A weekly reminder while expenses wait for a decision."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef

from programs.models import Organisation

from ..models import Expense, Reminder
from ..notifications import expenses as notifications
from .kinds import Due, Kind

COLLECTED = "organisation.expenses_waiting"
"""``purpose`` of the row for each mail: one for each organisation, at most every ``EXPENSE_REMINDER_DAYS`` days."""
HERE = "application__organisation"


def find(day: datetime.date) -> Iterable[Due]:
    """Organisations with an expense that waits for long, and no such mail in the last days."""
    limit = day - datetime.timedelta(days=settings.EXPENSE_REMINDER_DAYS)
    old = Expense.objects.waiting().filter(submitted_at__date__lte=limit)
    old = old.filter(**{HERE: OuterRef("pk")}).order_by()
    mailed = Reminder.objects.filter(purpose=COLLECTED, subject=OuterRef("pk"), due_on__gt=limit)
    found = Organisation.objects.with_staff().filter(Exists(old), ~Exists(mailed))
    return [(pk, day) for pk in found.values_list("pk", flat=True)]


def send(organisation_id: int, day: datetime.date) -> None:
    organisation = Organisation.objects.get(pk=organisation_id)
    count = Expense.objects.waiting().filter(**{HERE: organisation}).count()
    if count:
        notifications.waiting(organisation, count)


KINDS = (Kind(COLLECTED, find, send),)
