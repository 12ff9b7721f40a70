"""Reminders while a question waits for its answer: to those who answer, later to the office above them."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from programs.models import Organisation

from ..models import Enquiry, Reminder
from ..notifications import enquiries as notifications
from ..reads.escalations import without_person
from .kinds import Due, Kind

ANSWER_DUE, WAITING = "enquiry.answer_due", "enquiry.waiting"
"""``purpose`` of the row for each question that a mail to the organisation, or to the office, has announced."""
COLLECTED, COLLECTED_BELOW = "organisation.questions_due", "office.questions_waiting"
"""``purpose`` of the row for each summary mail: one for each organisation and day."""


def _unannounced(purpose: str, until: datetime.date) -> QuerySet[Enquiry]:
    """Unanswered questions due by ``until`` that no mail for ``purpose`` has announced to who answers now."""
    announced = Reminder.objects.filter(purpose=purpose, subject=OuterRef("pk"))
    due = Enquiry.objects.due_by(until)
    return due.exclude(Exists(announced.filter(due_on=OuterRef("answer_by")))).exclude(
        Exists(announced), answer_by__isnull=True
    )


def answers_near(day: datetime.date) -> QuerySet[Enquiry]:
    """Due by ``ANSWER_REMINDER_DAYS`` after ``day``."""
    return _unannounced(ANSWER_DUE, day + datetime.timedelta(days=settings.ANSWER_REMINDER_DAYS))


def find_answers_due(day: datetime.date) -> Iterable[Due]:
    """Organisations with a question to announce, a member to mail, and no such mail on ``day`` yet."""
    near = answers_near(day).filter(organisation=OuterRef("pk"))
    mailed = Reminder.objects.filter(purpose=COLLECTED, subject=OuterRef("pk"), due_on=day)
    found = Organisation.objects.with_staff().filter(Exists(near.order_by()), ~Exists(mailed))
    return [(pk, day) for pk in found.values_list("pk", flat=True)]


def send_answers_due(organisation_id: int, day: datetime.date) -> None:
    """One mail to each member about all that is due soon; every question is announced once."""
    organisation = Organisation.objects.get(pk=organisation_id)
    near = answers_near(day).filter(organisation=organisation).select_related("entry", "event")
    if new := [one for one in near if Reminder.objects.take(ANSWER_DUE, one.pk, one.due_on)]:
        notifications.answers_due(organisation, new)


def waiting(day: datetime.date) -> QuerySet[Enquiry]:
    """Those that stand on the list of an office since ``day`` or before, without the person."""
    limit = day - datetime.timedelta(days=settings.ESCALATION_DAYS)
    return without_person(_unannounced(WAITING, limit))


def find_waiting(day: datetime.date) -> Iterable[Due]:
    """Offices above organisations that have left a question unanswered for too long."""
    silent = Organisation.objects.filter(pk__in=waiting(day).order_by().values("organisation"))
    offices = {office.pk for one in silent if (office := one.office_above) is not None}
    present = Organisation.objects.with_staff().filter(pk__in=offices).order_by("pk")
    dues = [(pk, day) for pk in present.values_list("pk", flat=True)]
    return Reminder.objects.not_taken(COLLECTED_BELOW, dues)


def send_waiting(office_id: int, day: datetime.date) -> None:
    """One mail to each member of the office about all questions that wait below it."""
    office = Organisation.objects.get(pk=office_id)
    below = [one for one in waiting(day) if one.organisation.office_above == office]
    if new := [one for one in below if Reminder.objects.take(WAITING, one.pk, one.due_on)]:
        notifications.waiting_below(office, new)


KINDS = (
    Kind(COLLECTED, find_answers_due, send_answers_due),
    Kind(COLLECTED_BELOW, find_waiting, send_waiting),
)
