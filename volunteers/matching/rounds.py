"""Cases of the matching as they are kept, and computed again under other rules."""

from dataclasses import dataclass, replace
from typing import Any

from .profiles import Helper, Profile, Seeker
from .rules import Rules
from .together import Scores, assign

SETS = ("languages", "districts", "fields", "weekdays", "dayparts")
Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Case:
    """Both sides at one moment, requests in the order of waiting."""

    seekers: list[Seeker]
    helpers: list[Helper]

    def pairs(self, rules: Rules) -> Pairs:
        """What is suggested under ``rules``: places of request and application."""
        return assign(Scores(self.seekers, self.helpers, rules))


def keep(seekers: list[Seeker], helpers: list[Helper]) -> Case:
    """The same without primary keys and addresses; equal addresses get equal numbers.

    Somebody on a break or kept back has no room, which comes to the same; until when and why is not kept.
    """
    mails: dict[str, str] = {}
    for one in [*seekers, *helpers]:
        if one.email:
            mails.setdefault(one.email, str(len(mails) + 1))
    people: dict[int, int] = {}
    for helper in helpers:
        people.setdefault(helper.volunteer, len(people) + 1)
    place = {seeker.pk: number for number, seeker in enumerate(seekers)}
    return Case(
        [replace(s, pk=n, email=mails.get(s.email, "")) for n, s in enumerate(seekers)],
        [
            replace(
                h,
                pk=n,
                email=mails.get(h.email, ""),
                volunteer=people[h.volunteer],
                room=h.room if h.is_here and not h.kept_back else 0,
                rests_until=None,
                kept_back=False,
                turned_down=_places(h.turned_down, place),
                together=_places(h.together, place),
            )
            for n, h in enumerate(helpers)
        ],
    )


def _places(requests: frozenset[int], place: dict[int, int]) -> frozenset[int]:
    return frozenset(place[pk] for pk in requests if pk in place)


def write(case: Case, pairs: Pairs) -> dict[str, Any]:
    """The case and its pairs as JSON."""
    seekers = [_said(s) | _extra(s, Seeker) for s in case.seekers]
    helpers = [_said(h) | _extra(h, Helper) for h in case.helpers]
    return {"seekers": seekers, "helpers": helpers, "pairs": [list(pair) for pair in pairs]}


def read(kept: dict[str, Any]) -> tuple[Case, Pairs]:
    seekers = [Seeker(pk=n, **_from(one)) for n, one in enumerate(kept["seekers"])]
    helpers = [Helper(pk=n, **_from(one)) for n, one in enumerate(kept["helpers"])]
    return Case(seekers, helpers), [(row, column) for row, column in kept["pairs"]]


def _said(one: Profile) -> dict[str, Any]:
    return {"email": one.email, **{name: sorted(getattr(one, name)) for name in SETS}}


def _extra(one: Profile, kind: type[Profile]) -> dict[str, Any]:
    """What only this side has; sets as lists."""
    own = kind.__dataclass_fields__.keys() - Profile.__dataclass_fields__.keys()
    values = {name: getattr(one, name) for name in own}
    return {n: sorted(v) if isinstance(v, frozenset) else v for n, v in values.items()}


def _from(kept: dict[str, Any]) -> dict[str, Any]:
    return {n: frozenset(v) if isinstance(v, list) else v for n, v in kept.items()}
