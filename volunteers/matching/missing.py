"""„Wer fehlt uns?“: the kinds of volunteers that would bring the most tandems, one for each language.

A kind is a language (beside German) × district × time of the week × gender, each but the language may be
left open. What one person of a kind brings is exact (``gains``); which kinds are tried in full is
decided by a bound, ``TRIED`` for each language.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from programs.models import Language

from .assignment import Numbers
from .gains import Gains
from .profiles import ANY_PROGRAMME, Helper, Seeker
from .rules import STANDARD, Rules
from .together import Problem, Scores

ROOM = 3
"""How many people the new volunteer would accompany at a time; one alone brings one tandem at most."""
TRIED = 8
SHOWN = 5
GERMAN = Language.GERMAN.value


class Kind(NamedTuple):
    """Somebody who is missing; an empty value or None leaves it open."""

    language: str
    district: str = ""
    weekday: int | None = None
    daypart: str = ""
    gender: str = ""

    @property
    def named(self) -> int:
        return bool(self.district) + bool(self.daypart) + bool(self.gender)

    def as_helper(self) -> Helper:
        """A ready volunteer of this kind with a valid certificate and all steps, wherever that is."""
        return Helper(
            pk=0,
            languages=frozenset({GERMAN, self.language}),
            districts=frozenset({self.district} if self.district else ()),
            weekdays=frozenset({self.weekday} if self.weekday is not None else ()),
            dayparts=frozenset({self.daypart} if self.daypart else ()),
            gender=self.gender,
            room=ROOM,
            has_check=True,
            programme=ANY_PROGRAMME,
        )


class Missing(NamedTuple):
    """One kind and what one person of it brings."""

    kind: Kind
    pairs: int
    points: int
    speakers: int
    """Open requests with this language."""
    neighbours: int
    """Of these the ones in this district or beside it."""


def missing(seekers: list[Seeker], helpers: list[Helper], rules: Rules = STANDARD) -> list[Missing]:
    """The best kind of each language, most tandems first. ``seekers``: the longest waiting first."""
    if not seekers:
        return []
    problem = Problem(Scores(seekers, helpers, rules))
    gains = Gains(problem)
    speakers = Counter(language for one in seekers for language in one.languages)
    found = [_best(problem, gains, seekers, language, rules) for language in sorted(speakers)]
    bringing = [one for one in found if one.pairs]
    return sorted(bringing, key=lambda one: (-one.pairs, -one.points, one.kind.language))[:SHOWN]


def _best(
    problem: Problem, gains: Gains, seekers: list[Seeker], language: str, rules: Rules
) -> Missing:
    """The kind with this language that brings the most; of equals the one that names the least."""
    kinds = list(_kinds(seekers, language))
    scores = Scores(seekers, [kind.as_helper() for kind in kinds], rules)
    columns = problem.worth(scores.counting)
    promising = np.argsort(-gains.most(columns, ROOM), kind="stable")[:TRIED]
    tried = [(kinds[i], _brought(problem, gains, columns[:, i])) for i in promising]
    kind, (pairs, points) = max(tried, key=lambda one: (*one[1], -one[0].named))
    alike = [one for one in seekers if language in one.languages]
    near = sum(kind.district in one.districts | one.near for one in alike)
    return Missing(kind, pairs, points, len(alike), near)


def _brought(problem: Problem, gains: Gains, column: Numbers) -> tuple[int, int]:
    """More pairs, and more points, with ``ROOM`` slots of one person."""
    twin = gains.copy()
    before = problem.told(twin.worth)
    for _ in range(ROOM):
        twin.add(column)
    after = problem.told(twin.worth)
    return after.pairs - before.pairs, after.points - before.points


def _kinds(seekers: list[Seeker], language: str) -> Iterator[Kind]:
    """The kinds that could suit those with this language; what names less comes first."""
    alike = [one for one in seekers if language in one.languages]
    districts = ["", *sorted({number for one in alike for number in one.districts})]
    times = {(d, p) for one in alike for d in one.days for p in one.parts}
    genders = ["", *sorted({one.wish for one in alike if one.wish})]
    open_time: tuple[int | None, str] = (None, "")
    both = itertools.product(districts, [open_time, *sorted(times)], genders)
    kinds = (Kind(language, d, day, part, gender) for d, (day, part), gender in both)
    return iter(sorted(kinds, key=lambda kind: kind.named))
