"""How much waits at each organisation, and who is there: counts only, nothing about people."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from programs.models import Membership, Organisation
from programs.united import united

from ..models import Application, Enquiry
from ..models.above import unanswered_above
from ..models.statuses import Status
from .promising import Absence, Promise, here_on, promise


@dataclass(frozen=True)
class Load:
    organisation: Organisation
    applications: int
    questions: int
    """With requests for counselling and other things that wait for a first answer."""
    since: datetime.date | None
    """Since when the oldest of them waits."""
    here: int
    people: int
    next_away: datetime.date | None
    promise: Promise


def loads(organisations: QuerySet[Organisation]) -> list[Load]:
    """Of those with somebody who answers, the latest promise first; a fixed number of queries."""
    named = {one.pk: one for one in organisations.with_staff()}  # type: ignore[attr-defined]  # its own queryset
    rows = Membership.objects.present().filter(organisation__in=named)
    absences: dict[int, list[Absence]] = {}
    for pk, first, last in rows.values_list("organisation", "away_from", "away_until"):
        if pk is not None:
            absences.setdefault(pk, []).append((first, last))
    new = _waiting(Application.objects.filter(status=Status.NEW), named, "confirmed_at")
    asked = _waiting(Enquiry.objects.unanswered(), named, "asked_at")
    above = [_waiting(rows, named, "submitted_at") for rows in unanswered_above()]
    applications, questions = _sums(new), _sums(united(asked, *above))
    none = (0, None)
    found = [
        _load(one, absences[pk], applications.get(pk, none), questions.get(pk, none))
        for pk, one in named.items()
        if pk in absences
    ]
    return sorted(found, key=lambda load: (-load.promise.days, load.organisation.title))


Waiting = tuple[int, datetime.datetime | None]


def _waiting(rows: QuerySet[Any], named: dict[int, Organisation], since: str) -> QuerySet[Any]:
    """Organisation, how many wait there, and since when the oldest does."""
    grouped = rows.filter(organisation__in=named).order_by().values_list("organisation")
    counted: QuerySet[Any] = grouped.annotate(number=Count("pk"), first=Min(since))
    return counted


def _sums(rows: QuerySet[Any]) -> dict[int, Waiting]:
    found: dict[int, Waiting] = {}
    for pk, number, since in rows:
        before, oldest = found.get(pk, (0, None))
        found[pk] = (before + number, min((at for at in (oldest, since) if at), default=None))
    return found


def _load(
    organisation: Organisation, absences: list[Absence], applications: Waiting, questions: Waiting
) -> Load:
    today = timezone.localdate()
    oldest = [at for _number, at in (applications, questions) if at]
    later = [first for first, _last in absences if first and first > today]
    return Load(
        organisation=organisation,
        applications=applications[0],
        questions=questions[0],
        since=timezone.localdate(min(oldest)) if oldest else None,
        here=here_on(absences, today),
        people=len(absences),
        next_away=min(later, default=None),
        promise=promise(organisation.answer_days, absences, applications[0] + questions[0]),
    )
