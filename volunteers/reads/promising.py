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
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from programs.models import Membership, Organisation

from ..models import Application, Enquiry
from ..models.above import unanswered_above
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
    """For somebody who writes today; one query."""
    present = Membership.objects.present().filter(organisation=OuterRef("pk"))
    days = JSONObject(first="away_from", last="away_until")
    asked = Organisation.objects.filter(pk=organisation.pk).values_list(
        ArraySubquery(present.values(days=days)), open_cases()
    )
    absences, cases = asked.get()
    return promise(organisation.answer_days, [_read(one) for one in absences], cases)


def open_cases() -> CombinedExpression:
    """Of the organisation: applications, questions and the like that wait for their first answer."""
    found = _number(Application.objects.filter(status=Status.NEW)) + _number(
        Enquiry.objects.unanswered()
    )
    for rows in unanswered_above():
        found += _number(rows)
    return found


def _number(rows: "QuerySet[Any]") -> Coalesce:
    own = rows.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    counted = own.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _read(days: dict[str, str | None]) -> Absence:
    first, last = (one and datetime.date.fromisoformat(one) for one in days.values())
    return first or None, last or None


def promise(answer_days: int, absences: list[Absence], cases: int) -> Promise:
    """The rule; ``absences`` has one pair for each person who answers. Dates are those of Stuttgart."""
    today = timezone.localdate()
    basic = today + answer_days * DAY
    latest = basic + settings.PROMISE_MOST_MORE_DAYS * DAY
    begins = today
    while begins < latest and absences and not here_on(absences, begins):
        begins += DAY
    more = cases // (settings.PROMISE_CASES * max(1, here_on(absences, begins)))
    answer_by = working_days_after(begins + answer_days * DAY, min(more, (latest - basic).days))
    return Promise(today, basic, min(answer_by, latest))


def here_on(absences: list[Absence], day: datetime.date) -> int:
    """How many are not away on ``day``."""
    away = sum(1 for first, last in absences if first and last and first <= day <= last)
    return len(absences) - away
