"""What is known of both sides for the matching, as sets and as bit masks (loaded in ``loading.py``)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.models import DayPart, Language, Weekday

Bits = NDArray[np.uint64]
"""One row for each person, one bit for each value; more columns for more than 64 values."""

ANY_PROGRAMME = -1
"""The programme of somebody made up, who would be prepared wherever they are needed."""
DAYS, PARTS = tuple(Weekday.values), tuple(DayPart.values)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What both sides say about themselves."""

    pk: int
    email: str = ""
    languages: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    fields: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    dayparts: frozenset[str] = frozenset()

    @property
    def days(self) -> frozenset[int]:
        """Days with time; somebody who names only parts of the day has time on every day."""
        return self.weekdays or frozenset(DAYS if self.dayparts else ())

    @property
    def parts(self) -> frozenset[str]:
        """Parts of the day; somebody who names only days has time all day."""
        return self.dayparts or frozenset(PARTS if self.weekdays else ())


@dataclass(frozen=True, kw_only=True)
class Seeker(Profile):
    """A request; ``near`` are the neighbouring districts."""

    near: frozenset[str] = frozenset()
    wish: str = ""
    needs_check: bool = False
    protected_by: int = 0
    """The programme of the request, if it has a protection concept; else 0."""
    waited: int = 0
    """Full days since the request was confirmed."""


@dataclass(frozen=True, kw_only=True)
class Helper(Profile):
    """An application; ``turned_down`` are the requests where this person or the other side said no.

    Among them are those from whom somebody is kept for reasons of safety: nobody can tell them apart.
    """

    volunteer: int = 0
    gender: str = ""
    ready: bool = True
    is_group: bool = False
    room: int = 1
    more_asked: bool = True
    """Otherwise languages, districts, fields and times are unknown."""
    rests_until: datetime.date | None = None
    """The last day of a break; None when there is none, or it is over."""
    limit: int = 1
    has_check: bool = False
    needs_check: bool = False
    programme: int = 0
    """The programme, or another offer, that the application is for; else 0."""
    prepared: bool = True
    """Whether all steps of that programme are done."""
    kept_back: bool = False
    """Proposed to nobody for now; why, only persons of trust know."""
    turned_down: frozenset[int] = frozenset()
    together: frozenset[int] = frozenset()
    """Requests with a proposal or a tandem of this person that is alive."""

    @property
    def is_here(self) -> bool:
        return self.rests_until is None

    @property
    def prepared_for(self) -> int:
        """The programme whose steps are all done; else 0."""
        return self.programme if self.prepared else 0


def bits(sets: Sequence[frozenset[Any]], positions: dict[Any, int]) -> Bits:
    """One row of bits for each set; ignores values without a position. Many people say the same."""
    width = max(1, -(-len(positions) // 64))
    rows = {values: _row(values, positions, width) for values in set(sets)}
    found: Bits = np.array([rows[values] for values in sets], dtype=np.uint64)
    return found.reshape(len(sets), width)


def _row(values: frozenset[Any], positions: dict[Any, int], width: int) -> list[int]:
    row = [0] * width
    for value in values:
        if (position := positions.get(value)) is not None:
            row[position // 64] |= 1 << (position % 64)
    return row


@lru_cache(maxsize=2048)
def _slots(days: frozenset[int], parts: frozenset[str]) -> frozenset[tuple[int, str]]:
    return frozenset((d, p) for d in days for p in parts)


def common(left: Bits, right: Bits) -> NDArray[np.uint8]:
    """How many values each of ``left`` has in common with each of ``right``."""
    words = range(left.shape[1])
    counts = (np.bitwise_count(left[:, None, w] & right[None, :, w]) for w in words)
    total: NDArray[np.uint8] = sum(counts, start=np.zeros((len(left), len(right)), np.uint8))
    return total


LANGUAGES = {value: number for number, value in enumerate(Language.values)}
SLOTS = {(d, p): number for number, (d, p) in enumerate((d, p) for d in DAYS for p in PARTS)}
GENDERS = {value: number for number, value in enumerate(("", "woman", "man", "diverse"))}


class People:
    """Profiles of one side with their masks; ``positions`` gives the bit of each district and field."""

    def __init__(self, profiles: Sequence[Any], positions: "Positions") -> None:
        self.profiles = profiles
        self.languages = bits([p.languages for p in profiles], LANGUAGES)
        self.german = bits([p.languages & {Language.GERMAN.value} for p in profiles], LANGUAGES)
        self.districts = bits([p.districts for p in profiles], positions.districts)
        self.fields = bits([p.fields for p in profiles], positions.fields)
        self.slots = bits([_slots(one.days, one.parts) for one in profiles], SLOTS)

    def __len__(self) -> int:
        return len(self.profiles)

    def flags(self, name: str) -> NDArray[np.bool_]:
        """One boolean attribute of every person."""
        return np.fromiter((bool(getattr(p, name)) for p in self.profiles), np.bool_, len(self))

    def codes(self, name: str) -> NDArray[np.int8]:
        """Gender or wish of every person as a number."""
        return np.fromiter((GENDERS[getattr(p, name)] for p in self.profiles), np.int8, len(self))

    def numbers(self, name: str) -> NDArray[np.int64]:
        """One number of every person."""
        return np.fromiter((getattr(p, name) for p in self.profiles), np.int64, len(self))


class Seekers(People):
    def __init__(self, profiles: Sequence[Seeker], positions: "Positions") -> None:
        super().__init__(profiles, positions)
        self.near = bits([p.near for p in profiles], positions.districts)


@dataclass(frozen=True)
class Positions:
    """Bit numbers of the values that staff may add to: districts and fields."""

    districts: dict[str, int]
    fields: dict[int, int]

    @classmethod
    def of(cls, seekers: Iterable[Seeker], helpers: Iterable[Helper]) -> "Positions":
        people: list[Profile] = [*seekers, *helpers]
        districts = sorted(frozenset[str]().union(*(p.districts for p in people)))
        fields = sorted(frozenset[int]().union(*(p.fields for p in people)))
        return cls(
            {value: number for number, value in enumerate(districts)},
            {value: number for number, value in enumerate(fields)},
        )
