"""Which rows of the ledger of reminders may go: those that nobody needs to keep from asking twice."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import Q, QuerySet

from ..models import Application, ConductCheck, Reminder
from ..models.registrations import EVENT_REMINDER
from ..models.statuses import Status
from ..reminders import applications, checks, events
from .due import days_ago


def _unanswered() -> QuerySet[Application]:
    return Application.objects.filter(status=Status.NEW)


NEEDED: Mapping[str, Callable[[], QuerySet[Application] | QuerySet[ConductCheck]]] = {
    applications.ANSWER_DUE: _unanswered,
    applications.CONTACT_QUESTION: _unanswered,
    checks.PERSON: ConductCheck.objects.all,
    checks.ORGANISATION: ConductCheck.objects.all,
}
"""Purpose → records that would be reminded again without their row: it stays as long as they do."""
PAST = frozenset({applications.COLLECTED, EVENT_REMINDER, events.QUALIFICATION_REMINDER})
"""Purposes whose rows nobody asks for after ``SECURITY_LOG_DAYS``: their day is over by then."""


def old_reminders() -> QuerySet[Reminder]:
    """Rows sent ``SECURITY_LOG_DAYS`` ago; of purposes that nobody decided about, none."""
    may_go = Q(purpose__in=PAST)
    for purpose, records in NEEDED.items():
        may_go |= Q(purpose=purpose) & ~Q(subject__in=records().values("pk"))
    return Reminder.objects.filter(may_go, sent_at__lt=days_ago(settings.SECURITY_LOG_DAYS))
