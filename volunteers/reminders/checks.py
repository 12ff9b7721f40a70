"""Mails to the person and the organisation that a certificate of good conduct has to be renewed.

Sent ``CONDUCT_CHECK_REMINDER_DAYS`` before it is due, once for each certificate, while something
needs it. A renewed certificate has another due date, and so gets a reminder of its own.
"""

import datetime
from collections.abc import Iterable
from functools import partial

from ..models import Application, ConductCheck, Reminder
from ..models.statuses import CLOSED, Status
from ..notifications import preparation as notifications
from ..reads.preparation import keeping_certificate, soon_due
from .kinds import Due, Kind

PERSON, ORGANISATION = "conduct_check.person", "conduct_check.organisation"


def find(day: datetime.date, *, purpose: str) -> Iterable[Due]:
    """Inspections that are overdue or have to be renewed soon, without a reminder for ``purpose``."""
    due = {(check.pk, check.due_on) for check in soon_due(ConductCheck.objects.all(), day)}
    return sorted(Reminder.objects.not_taken(purpose, due))


def send_to_person(pk: int, due_on: datetime.date) -> None:
    if (application := _application(pk)) is not None:
        notifications.certificate_due(application, due_on)


def send_to_organisation(pk: int, due_on: datetime.date) -> None:
    if (application := _application(pk)) is not None:
        notifications.certificate_due_for_staff(application, due_on)


def _application(pk: int) -> Application | None:
    """The application that needs the certificate, a placed one first; None when none is left."""
    check = ConductCheck.objects.filter(pk=pk).first()
    if check is None:
        return None
    open_ones = Application.objects.exclude(status__in=(*CLOSED, Status.UNCONFIRMED)).filter(
        volunteer=check.volunteer_id, organisation=check.organisation_id
    )
    found = keeping_certificate(open_ones).select_related("entry", "organisation")
    return min(found, key=lambda one: (one.status != Status.PLACED, -one.pk), default=None)


KINDS = (
    Kind(PERSON, partial(find, purpose=PERSON), send_to_person),
    Kind(ORGANISATION, partial(find, purpose=ORGANISATION), send_to_organisation),
)
