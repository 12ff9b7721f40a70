"""Reminders while a request for counselling waits: before the answer is due, and again once it is late."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from programs.models import Organisation
from volunteers.models import Reminder
from volunteers.models.reminders import COUNSELLING_COLLECTED, COUNSELLING_DUE, COUNSELLING_LATE
from volunteers.reminders.kinds import Due, Kind, send_all

from . import mails
from .models import CounsellingRequest

DAY = datetime.timedelta(days=1)


def _new(day: datetime.date, purpose: str) -> QuerySet[CounsellingRequest]:
    """Those that a mail with ``purpose`` has to announce, and has not yet, to who answers now."""
    ahead = settings.ANSWER_REMINDER_DAYS if purpose == COUNSELLING_DUE else -1
    told = Reminder.objects.filter(
        purpose=purpose, subject=OuterRef("pk"), due_on=OuterRef("answer_by")
    )
    return CounsellingRequest.objects.due_by(day + ahead * DAY).exclude(Exists(told))


def _to_tell(day: datetime.date) -> Q:
    """Departments with a request to announce."""
    due, late = (
        _new(day, purpose).order_by().values("organisation")
        for purpose in (COUNSELLING_DUE, COUNSELLING_LATE)
    )
    return Q(pk__in=due) | Q(pk__in=late)


def find(day: datetime.date) -> Iterable[Due]:
    """Departments with a request to announce, a member to mail, and no such mail on ``day`` yet."""
    mailed = Reminder.objects.filter(
        purpose=COUNSELLING_COLLECTED, subject=OuterRef("pk"), due_on=day
    )
    found = Organisation.objects.with_staff().filter(_to_tell(day), ~Exists(mailed))
    return [(pk, day) for pk in found.values_list("pk", flat=True)]


def send(organisation_id: int, day: datetime.date) -> None:
    """One mail to each member about all of them; each is announced once before its day and once after it."""
    organisation = Organisation.objects.get(pk=organisation_id)
    told: dict[int, CounsellingRequest] = {}
    for purpose in (COUNSELLING_DUE, COUNSELLING_LATE):
        for one in _new(day, purpose).filter(organisation=organisation):
            if one.answer_by and Reminder.objects.take(purpose, one.pk, one.answer_by):
                told[one.pk] = one
    if told:
        mails.answers_due(organisation, list(told.values()))


KINDS = (Kind(COUNSELLING_COLLECTED, find, send),)


def remind() -> int:
    """Send what is due now; returns how many mails."""
    return send_all(KINDS)
