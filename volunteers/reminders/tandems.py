"""Questions of the first weeks to each side of a tandem: have they met, does it fit, the trial phase ends.

Each goes once to each side. Nobody is asked what this side has said already, or about a day that is
longer than ``LATE_DAYS`` ago.
"""

import datetime
from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db.models import Exists, F, OuterRef

from ..models import FirstMeeting, Fit, Reminder, Tandem
from ..models.companions import Side
from ..notifications import first_weeks as notifications
from ..reads.first_weeks import fresh, without_meeting
from ..services.locks import locked
from .kinds import Due, Kind

LATE_DAYS = 28
TRIAL_DAYS = 3
"""Days before the end of the trial phase on which who has not said „passt“ is asked again."""
DAY = datetime.timedelta(days=1)
MET, FIT, TRIAL = "tandem.met", "tandem.fit", "tandem.trial"


def purpose(question: str, side: Side) -> str:
    return f"{question}.{side.value}"


def find_met(day: datetime.date, *, side: Side) -> Iterable[Due]:
    """Tandems of which nobody has said that they met, ``MEET_QUESTION_DAYS`` after the start.

    Not from the day on which the next check-in asks how it goes.
    """
    later = [7 * week for week in settings.CHECK_IN_WEEKS if 7 * week > settings.MEET_QUESTION_DAYS]
    last = day - datetime.timedelta(
        days=min(later, default=settings.MEET_QUESTION_DAYS + LATE_DAYS)
    )
    found = without_meeting(Tandem.objects.all(), day).filter(started_on__gt=last)
    after = datetime.timedelta(days=settings.MEET_QUESTION_DAYS)
    return _due(MET, side, found, "started_on", after, day)


def find_fit(day: datetime.date, *, side: Side) -> Iterable[Due]:
    """Tandems that have met, from the day after, where this side has not said whether it fits."""
    said = FirstMeeting.objects.filter(tandem=OuterRef("pk"), side=side).exclude(fit="")
    found = fresh(Tandem.objects.all(), day).filter(~Exists(said), met_on__isnull=False)
    return _due(FIT, side, found, "met_on", DAY, day)


def find_trial(day: datetime.date, *, side: Side) -> Iterable[Due]:
    """Tandems whose trial phase ends in ``TRIAL_DAYS`` where this side has not said that it fits."""
    fits = FirstMeeting.objects.filter(tandem=OuterRef("pk"), side=side, fit=Fit.FITS)
    found = Tandem.objects.going_on().filter(~Exists(fits), met_on__lt=F("trial_until") - DAY * 7)
    found = found.filter(trial_until__gte=day)
    return _due(TRIAL, side, found, "trial_until", -TRIAL_DAYS * DAY, day)


def _due(
    question: str,
    side: Side,
    found: "Iterable[Tandem]",
    start: str,
    after: datetime.timedelta,
    day: datetime.date,
) -> list[Due]:
    rows = found.values_list("pk", start)  # type: ignore[attr-defined]  # a query set
    dues = [(pk, began + after) for pk, began in rows]
    near = [due for due in dues if day - LATE_DAYS * DAY < due[1] <= day]
    return Reminder.objects.not_taken(purpose(question, side), near)


def send(pk: int, due_on: datetime.date, *, question: str, side: Side) -> None:
    """Ask, unless the tandem has ended or was put on hold a moment ago."""
    tandem = locked(Tandem.objects.going_on().select_related("organisation")).filter(pk=pk).first()
    if tandem is None:
        return
    if question == MET:
        notifications.have_you_met(tandem, side)
    else:
        notifications.does_it_fit(tandem, side, trial_ends=question == TRIAL)


FINDERS = {MET: find_met, FIT: find_fit, TRIAL: find_trial}
KINDS = tuple(
    Kind(purpose(name, side), partial(find, side=side), partial(send, question=name, side=side))
    for name, find in FINDERS.items()
    for side in Side
)
