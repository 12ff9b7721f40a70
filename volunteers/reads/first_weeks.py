"""Where a tandem stands in its first weeks, for its pages, mails and services."""

import datetime

from django.conf import settings
from django.utils import timezone

from programs.models import Programme

from ..models import FirstMeeting, Fit, Tandem
from ..models.companions import Side, TandemQuerySet

FRESH_DAYS = 200
"""Longer than the longest trial phase of 26 weeks."""


def trial_end(programme: Programme | None, started_on: datetime.date) -> datetime.date | None:
    """The last day of the trial phase of a tandem that starts; None when the programme has none."""
    weeks = programme.trial_weeks if programme is not None else None
    weeks = settings.TRIAL_WEEKS if weeks is None else weeks
    return started_on + datetime.timedelta(weeks=weeks) if weeks else None


def in_trial(tandem: Tandem) -> bool:
    return tandem.trial_until is not None and timezone.localdate() <= tandem.trial_until


def is_fresh(tandem: Tandem) -> bool:
    """Whether „passt es?“ is still a question, for the tandem began at most ``FRESH_DAYS`` ago."""
    return tandem.started_on is not None and tandem.started_on >= _fresh_since(timezone.localdate())


def fresh(tandems: TandemQuerySet, day: datetime.date) -> TandemQuerySet:
    return tandems.going_on().filter(started_on__gte=_fresh_since(day))


def _fresh_since(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=FRESH_DAYS)


def said_by(tandem: Tandem, side: Side) -> FirstMeeting | None:
    """What this side has said about the first meeting; reads the prefetched rows."""
    return next((one for one in tandem.first_meetings.all() if one.side == side), None)


def may_change(tandem: Tandem, side: Side) -> bool:
    """Whether „passt nicht“ is offered: in the trial phase, and until this side has said that it fits."""
    said = said_by(tandem, side)
    return in_trial(tandem) or said is None or said.fit != Fit.FITS


def without_meeting(tandems: TandemQuerySet, day: datetime.date) -> TandemQuerySet:
    """Running ones that began ``MEET_QUESTION_DAYS`` before ``day`` or earlier, and nobody has said that they met."""
    limit = day - datetime.timedelta(days=settings.MEET_QUESTION_DAYS)
    return tandems.going_on().filter(met_on__isnull=True, started_on__lte=limit)


def met_alone(tandems: TandemQuerySet) -> TandemQuerySet:
    """Pairs that have met, and nobody has confirmed that the second person came whom the concept asks for."""
    met = tandems.going_on().filter(met_on__isnull=False, accompanied_on__isnull=True)
    return met.exclude(first_meeting_with="")
