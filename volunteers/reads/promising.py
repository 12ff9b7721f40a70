"""Until when somebody gets an answer: the one function behind every „Sie hören bis …“.

The organisation's own period (``answer_days``) is promised where somebody is there and has little to
do. It gets longer, never shorter:

- While all who answer are away, it begins on the first day on which somebody is back.
- Each full ``PROMISE_CASES`` open cases for each person who is there add one working day.

It never gets longer than ``PROMISE_MOST_MORE_DAYS`` days. What was promised is kept with the record;
reminders and escalations follow that date.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from programs.models import Membership, Organisation

from ..models import Application, Enquiry
from ..models.statuses import Status
from ..periods import working_days_after

Absence = tuple[datetime.date | None, datetime.date | None]
"""First and last day, or twice None."""
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Promise:
    today: datetime.date
    basic: datetime.date
    """The day by the organisation's own period."""
    answer_by: datetime.date

    @property
    def days(self) -> int:
        return (self.answer_by - self.today).days

    @property
    def is_later(self) -> bool:
        return self.answer_by > self.basic


def promised(organisation: Organisation) -> Promise:
    """For somebody who writes today; three queries."""
    present = Membership.objects.present().filter(organisation=organisation)
    absences = list(present.values_list("away_from", "away_until"))
    return promise(organisation.answer_days, absences, open_cases(organisation))


def open_cases(organisation: Organisation) -> int:
    """Applications and questions that wait for their first answer."""
    waiting = Application.objects.filter(organisation=organisation, status=Status.NEW).count()
    return waiting + Enquiry.objects.unanswered().filter(organisation=organisation).count()


def promise(answer_days: int, absences: list[Absence], cases: int) -> Promise:
    """The rule; ``absences`` has one pair for each person who answers. Dates are those of Stuttgart."""
    today = timezone.localdate()
    basic = today + answer_days * DAY
    latest = basic + settings.PROMISE_MOST_MORE_DAYS * DAY
    begins = today
    while begins < latest and absences and not _here(absences, begins):
        begins += DAY
    more = cases // (settings.PROMISE_CASES * max(1, _here(absences, begins)))
    answer_by = working_days_after(begins + answer_days * DAY, min(more, (latest - basic).days))
    return Promise(today, basic, min(answer_by, latest))


def _here(absences: list[Absence], day: datetime.date) -> int:
    """How many are not away on ``day``."""
    away = sum(1 for first, last in absences if first and last and first <= day <= last)
    return len(absences) - away
