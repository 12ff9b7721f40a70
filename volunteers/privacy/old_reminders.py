"""Which reminders may be deleted: those that are not needed to prevent a second mail."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from ..models import (
    Application,
    Concern,
    ConductCheck,
    Enquiry,
    OrganisationProposal,
    Registration,
    Reminder,
    Tandem,
)
from ..models.above import unanswered_above
from ..models.registrations import EVENT_AGAIN, EVENT_INVITATION, EVENT_REMINDER
from ..models.reminders import (
    COUNSELLING_COLLECTED,
    COUNSELLING_DUE,
    COUNSELLING_LATE,
    ENTRIES_ASKED,
)
from ..models.statuses import Status
from ..reminders import (
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
from .due import days_ago


def _unanswered() -> QuerySet[Application]:
    return Application.objects.filter(status=Status.NEW)


def _running() -> QuerySet[Tandem]:
    return Tandem.objects.running()


def _counselling() -> QuerySet[Any]:
    (found,) = (rows for rows in unanswered_above() if rows.model.__name__ == "CounsellingRequest")
    return found


NEEDED: Mapping[str, Callable[[], QuerySet[Any]]] = {
    applications.ANSWER_DUE: _unanswered,
    applications.CONTACT_QUESTION: _unanswered,
    checks.PERSON: ConductCheck.objects.all,
    checks.ORGANISATION: ConductCheck.objects.all,
    EVENT_INVITATION: Registration.objects.unanswered,
    concerns.UNREAD: Concern.objects.unread,
    enquiries.ANSWER_DUE: Enquiry.objects.unanswered,
    enquiries.WAITING: Enquiry.objects.unanswered,
    organisation_proposals.LATE: OrganisationProposal.objects.open,
    COUNSELLING_DUE: _counselling,
    COUNSELLING_LATE: _counselling,
    **dict.fromkeys(tandem_rules.PURPOSES, _running),
}
"""Purpose → records that would get a second reminder without the row; it stays as long as the record."""
PAST = frozenset(
    {
        applications.COLLECTED,
        COUNSELLING_COLLECTED,
        ENTRIES_ASKED,
        enquiries.COLLECTED,
        enquiries.COLLECTED_BELOW,
        expenses.COLLECTED,
        organisation_proposals.COLLECTED,
        EVENT_AGAIN,
        EVENT_REMINDER,
        events.QUALIFICATION_REMINDER,
        events.ATTENDANCE,
        *(kind.purpose for kind in (*tandems.KINDS, *tandem_rules.KINDS, *dates.KINDS)),
    }
)
"""Purposes that are never checked again after ``SECURITY_LOG_DAYS``, because their day is over."""


def old_reminders() -> QuerySet[Reminder]:
    """Rows sent ``SECURITY_LOG_DAYS`` ago; a purpose that is in neither list is kept."""
    may_go = Q(purpose__in=PAST)
    for purpose, records in NEEDED.items():
        may_go |= Q(purpose=purpose) & ~Q(subject__in=records().values("pk"))
    return Reminder.objects.filter(may_go, sent_at__lt=days_ago(settings.SECURITY_LOG_DAYS))
