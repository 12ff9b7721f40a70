"""Keeping the weekly suggestion, rehearsing other rules on the kept ones, and switching the rules."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from ..matching import rounds
from ..matching.loading import load_helpers, load_seekers
from ..matching.rounds import Case, Pairs, read, write
from ..matching.rules import Rules, current
from ..matching.suggestions import leading_to_tandems, without_proposal
from ..models import Application, CompanionRequest, MatchingRound, MatchingRules, Tandem, User
from ..models.companions import TandemStatus
from .shortages import MOST_REQUESTS, MOST_VOLUNTEERS, first

EVERY = datetime.timedelta(days=7)
KEPT = datetime.timedelta(days=366)
MOST_CELLS = 8_000_000
"""Requests × volunteers that one rehearsal computes; beyond, it takes fewer weeks."""


def record_due() -> bool:
    """Once a week keep the suggestion for all together, and forget those of more than a year ago."""
    now = timezone.now()
    MatchingRound.objects.filter(at__lt=now - KEPT).delete()
    if MatchingRound.objects.filter(at__gt=now - EVERY).exists():
        return False
    rules, case = current(), present_case()
    if case.seekers:
        kept = write(case, case.pairs(rules))
        MatchingRound.objects.create(rules=rules.as_dict(), cases=kept)
    return bool(case.seekers)


def present_case() -> Case:
    """All open requests of the city and all who may accompany somebody, without a way back to them."""
    requests = without_proposal(CompanionRequest.objects.open())
    applications = leading_to_tandems(Application.objects.all())
    return rounds.keep(
        load_seekers(first(requests, MOST_REQUESTS)),
        load_helpers(first(applications, MOST_VOLUNTEERS)),
    )


def switch(*, rules: Rules, note: str, by: User) -> MatchingRules:
    """From now on these rules hold; who switched, when and why stays. Running proposals go on."""
    return MatchingRules.objects.create(rules=rules.as_dict(), note=note, by=by)


@dataclass
class Sums:
    """What a set of rules suggests, in sum over all rehearsed weeks."""

    pairs: int = 0
    waiting_days: int = 0
    """How long those with a pair had waited."""
    left: int = 0
    """Requests without a pair."""

    def add(self, case: Case, pairs: Pairs) -> None:
        self.pairs += len(pairs)
        self.waiting_days += sum(case.seekers[row].waited for row, _ in pairs)
        self.left += len(case.seekers) - len(pairs)


@dataclass
class Rehearsal:
    """``current`` beside ``tried``; people are counted, never named."""

    current: Sums
    tried: Sums
    weeks: int = 0
    kept_weeks: int = 0
    gain: int = 0
    """Requests that get a pair only under the tried rules."""
    lose: int = 0
    """Requests that get a pair only under the current rules."""
    other: int = 0
    """Requests that get somebody else."""
    under_current: int = 0
    """Kept weeks in which the current rules held already …"""
    exact: int = 0
    """… and how many of them the current rules give back exactly as they were suggested."""


@contextmanager
def read_only() -> Iterator[None]:
    """A transaction in which PostgreSQL refuses every write."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def rehearse(*, tried: Rules) -> Rehearsal:
    """Compute the kept weeks of the last year, and today, under both rules. Writes and mails nothing."""
    with read_only():
        now = current()
        kept = list(MatchingRound.objects.order_by("-at").values_list("pk", flat=True))
        told = Rehearsal(Sums(), Sums(), kept_weeks=len(kept))
        left = _compare(told, present_case(), now, tried, MOST_CELLS)
        for pk in kept:
            if left <= 0:
                break
            one = MatchingRound.objects.get(pk=pk)
            case, suggested = read(one.cases)
            left = _compare(told, case, now, tried, left, suggested, Rules.read(one.rules))
            told.weeks += 1
    return told


def _compare(
    told: Rehearsal,
    case: Case,
    now: Rules,
    tried: Rules,
    left: int,
    suggested: Pairs | None = None,
    held: Rules | None = None,
) -> int:
    """Add one case; returns how many cells are left to compute."""
    before, after = case.pairs(now), case.pairs(tried)
    told.current.add(case, before)
    told.tried.add(case, after)
    told.under_current += held == now
    told.exact += held == now and before == suggested
    was, becomes = dict(before), dict(after)
    told.gain += len(becomes.keys() - was.keys())
    told.lose += len(was.keys() - becomes.keys())
    told.other += sum(was[row] != becomes[row] for row in was.keys() & becomes.keys())
    return left - 2 * len(case.seekers) * max(1, len(case.helpers))


def answered_after(days: int) -> tuple[int, int]:
    """Proposals of the last year that both answered, and how many of them later than after ``days``."""
    since = timezone.now() - KEPT
    both = Tandem.objects.filter(proposed_at__gt=since).exclude(status=TandemStatus.LAPSED)
    times = both.exclude(volunteer_answered_at=None).exclude(newcomer_answered_at=None)
    rows = times.values_list("proposed_at", "volunteer_answered_at", "newcomer_answered_at")
    limit = datetime.timedelta(days=days)
    waits = [max(one, other) - start for start, one, other in rows if one and other]
    return len(waits), sum(wait > limit for wait in waits)
