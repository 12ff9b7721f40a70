"""What the answers of a survey say about all organisations, and what they do not say.

Each kind of organisation is estimated by itself: those that answered stand for those that did not. Where too few
answered, nothing is said. The range is that of a sample without replacement (90 %): it is honest about chance,
not about organisations that do not answer because they have nobody left. The page says so.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import mean, stdev

from programs.models import Organisation

from .survey_models import SurveyAnswer

LEAST_ANSWERS, LEAST_SHARE = 5, 0.3
"""With fewer answers, or a smaller share of them, nothing is estimated."""
NINETY_PERCENT = 1.645


@dataclass
class Group:
    """One kind of organisation."""

    label: str
    numbers: list[int] = field(default_factory=list)
    estimates: int = 0
    silent: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)

    @property
    def of(self) -> int:
        return len(self.numbers) + len(self.silent) + len(self.unreachable)

    @property
    def reported(self) -> int:
        return sum(self.numbers)

    @property
    def share(self) -> float:
        return len(self.numbers) / self.of

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def says_enough(self) -> bool:
        return self.of == len(self.numbers) or (
            len(self.numbers) >= LEAST_ANSWERS and self.share >= LEAST_SHARE
        )

    @property
    def middle(self) -> float:
        return mean(self.numbers) * self.of if self.numbers else 0.0

    @property
    def variance(self) -> float:
        """Of the estimated sum; 0 when everybody answered."""
        if len(self.numbers) < 2:
            return 0.0
        return (self.of * stdev(self.numbers)) ** 2 * (1 - self.share) / len(self.numbers)


@dataclass(frozen=True)
class Estimate:
    """All kinds together. ``low`` is never below what was reported."""

    groups: list[Group]

    @property
    def told(self) -> list[Group]:
        return [one for one in self.groups if one.says_enough]

    @property
    def untold(self) -> list[Group]:
        """Kinds of which too few answered: they are in no estimate, only in what was reported."""
        return [one for one in self.groups if not one.says_enough]

    @property
    def reported(self) -> int:
        return sum(one.reported for one in self.groups)

    @property
    def answered(self) -> int:
        return sum(len(one.numbers) for one in self.groups)

    @property
    def of(self) -> int:
        return sum(one.of for one in self.groups)

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.of) if self.of else 0

    @property
    def is_complete(self) -> bool:
        """Everybody has answered: then the sum is known, and nothing is rounded."""
        return self.answered == self.of

    @property
    def middle(self) -> int:
        return max(self.reported, self._rounded(self._exact))

    @property
    def low(self) -> int:
        return max(self.reported, self._rounded(self._exact - self._error))

    @property
    def high(self) -> int:
        return max(self.low, self._rounded(self._exact + self._error))

    def _rounded(self, number: float) -> int:
        return self.reported if self.is_complete else _tens(number)

    @property
    def _exact(self) -> float:
        return sum(one.middle for one in self.told) + sum(one.reported for one in self.untold)

    @property
    def _error(self) -> float:
        return NINETY_PERCENT * math.sqrt(sum(one.variance for one in self.told))


def _tens(number: float) -> int:
    return round(number / 10) * 10


def estimate(answers: Iterable[SurveyAnswer]) -> Estimate:
    """``answers`` come with their organisations."""
    groups: dict[str, Group] = defaultdict(lambda: Group(""))
    for one in answers:
        group = groups[one.organisation.type]
        group.label = str(Organisation.Type(one.organisation.type).label)
        if one.number is not None:
            group.numbers.append(one.number)
            group.estimates += one.is_estimate
        elif one.asked_at:
            group.silent.append(one.organisation.title)
        else:
            group.unreachable.append(one.organisation.title)
    return Estimate(sorted(groups.values(), key=lambda one: one.label))
