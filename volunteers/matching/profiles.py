"""The data of both sides for the matching, loaded in a fixed number of queries.

For volunteers it reads what they said in the application, because an organisation sees nothing else
of them (``volunteers/reads/known.py``). Free capacity, checks and answers to earlier proposals are
counted for the person.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from programs.models import DayPart, District, Language, Weekday

from ..models import Application, CompanionRequest, ConductCheck, Tandem
from ..models.companions import Answer, TandemStatus
from ..models.statuses import Status
from ..reads.apart import kept_back, requests_kept_apart
from ..reads.preparation import needing_certificate, programmes_with_certificate

Bits = NDArray[np.uint64]
"""One row for each person, one bit for each value; more columns for more than 64 values."""

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
    kept_back: bool = False
    """Proposed to nobody for now; why, only persons of trust know."""
    turned_down: frozenset[int] = frozenset()
    together: frozenset[int] = frozenset()
    """Requests with a proposal or a tandem of this person that is alive."""

    @property
    def is_here(self) -> bool:
        return self.rests_until is None


def bits(sets: Sequence[frozenset[Any]], positions: dict[Any, int]) -> Bits:
    """One row of bits for each set; ignores values without a position."""
    width = max(1, -(-len(positions) // 64))
    found = np.zeros((len(sets), width), dtype=np.uint64)
    for row, values in enumerate(sets):
        for value in values:
            if (position := positions.get(value)) is not None:
                found[row, position // 64] |= np.uint64(1 << (position % 64))
    return found


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
        self.slots = bits(
            [frozenset((d, p) for d in one.days for p in one.parts) for one in profiles], SLOTS
        )

    def __len__(self) -> int:
        return len(self.profiles)

    def flags(self, name: str) -> NDArray[np.bool_]:
        """One boolean attribute of every person."""
        return np.fromiter((bool(getattr(p, name)) for p in self.profiles), np.bool_, len(self))

    def codes(self, name: str) -> NDArray[np.int8]:
        """Gender or wish of every person as a number."""
        return np.fromiter((GENDERS[getattr(p, name)] for p in self.profiles), np.int8, len(self))


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


def load_seekers(requests: "QuerySet[CompanionRequest]") -> list[Seeker]:
    """Four queries, in the order of ``requests``."""
    own = ("pk", "email", "languages", "weekdays", "dayparts", "wish", "district_id", "age_group")
    rows = list(requests.values(*own, "programme_id", "confirmed_at"))
    now = timezone.now()
    with_check = set(programmes_with_certificate().values_list("pk", flat=True))
    fields = _linked(CompanionRequest.fields.through, "companionrequest", requests, "field_id")
    neighbours = _neighbours()
    return [
        Seeker(
            **_said(row),
            districts=frozenset(filter(None, [row["district_id"]])),
            near=neighbours.get(row["district_id"], frozenset()),
            fields=fields.get(row["pk"], frozenset()),
            wish=row["wish"],
            waited=max(0, (now - row["confirmed_at"]).days) if row["confirmed_at"] else 0,
            needs_check=row["programme_id"] in with_check
            or row["age_group"] == CompanionRequest.AgeGroup.MINOR,
        )
        for row in rows
    ]


def load_helpers(applications: "QuerySet[Application]") -> list[Helper]:
    """Nine queries, in the order of ``applications``; one more where somebody is kept apart."""
    own = ("pk", "email", "languages", "weekdays", "dayparts", "gender", "status", "tandem_limit")
    rest = ("more_asked", "volunteer_id", "organisation_id", "volunteer__break_until", "group_size")
    rows = list(applications.values(*own, *rest, "volunteer__more_tandems"))
    with_check = set(needing_certificate(applications.order_by()).values_list("pk", flat=True))
    districts = _linked(Application.districts.through, "application", applications, "district_id")
    fields = _linked(Application.fields.through, "application", applications, "field_id")
    volunteers = applications.order_by().values("volunteer")
    busy = Tandem.objects.alive().filter(volunteer__in=volunteers).order_by()
    lives = list(busy.values_list("volunteer_id", "status", "request_id"))
    alive = Counter((volunteer, status) for volunteer, status, _request in lives)
    together = _sets((volunteer, request) for volunteer, _status, request in lives)
    today = timezone.localdate()
    valid = ConductCheck.objects.valid().filter(volunteer__in=volunteers).order_by()
    checked = set(valid.values_list("volunteer_id", "organisation_id"))
    turned_down = _turned_down(volunteers)
    back, apart = kept_back(volunteers), requests_kept_apart(volunteers)
    return [
        Helper(
            **_said(row),
            districts=districts.get(row["pk"], frozenset()),
            fields=fields.get(row["pk"], frozenset()),
            volunteer=row["volunteer_id"] or 0,
            gender=row["gender"],
            more_asked=row["more_asked"],
            ready=row["status"] in {Status.READY, Status.PLACED},
            is_group=row["group_size"] is not None,
            room=_room(row, alive),
            rests_until=_still(row["volunteer__break_until"], today),
            limit=row["tandem_limit"],
            has_check=(row["volunteer_id"], row["organisation_id"]) in checked,
            needs_check=row["pk"] in with_check,
            kept_back=row["volunteer_id"] in back,
            turned_down=turned_down.get(row["volunteer_id"], frozenset())
            | apart.get(row["volunteer_id"], frozenset()),
            together=together.get(row["volunteer_id"], frozenset()),
        )
        for row in rows
    ]


def _room(row: dict[str, Any], alive: "Counter[tuple[int, str]]") -> int:
    """Not more at a time than the limit, and not more new ones than the person still wants."""
    volunteer, more = row["volunteer_id"], row["volunteer__more_tandems"]
    proposed = alive[volunteer, TandemStatus.PROPOSED.value]
    room: int = row["tandem_limit"] - alive[volunteer, TandemStatus.RUNNING.value] - proposed
    return max(0, room if more is None else min(room, more - proposed))


def _still(until: datetime.date | None, today: datetime.date) -> datetime.date | None:
    return until if until and today <= until else None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    lists = {name: frozenset(row[name]) for name in ("languages", "weekdays", "dayparts")}
    return {"pk": row["pk"], "email": row["email"], **lists}


def _linked(through: Any, owner: str, records: "QuerySet[Any]", what: str) -> dict[int, Any]:
    found: dict[int, set[Any]] = defaultdict(set)
    owners = records.order_by().values("pk")
    rows = through.objects.filter(**{f"{owner}__in": owners}).values_list(f"{owner}_id", what)
    for number, value in rows:
        found[number].add(value)
    return {number: frozenset(values) for number, values in found.items()}


def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    pairs = District.neighbours.through.objects.values_list("from_district_id", "to_district_id")
    for number, neighbour in pairs:
        found[number].add(neighbour)
    return {number: frozenset(values) for number, values in found.items()}


def _turned_down(volunteers: "QuerySet[Any, Any]") -> dict[int, frozenset[int]]:
    """Requests by volunteer where one of the two has said no, to the proposal or after meeting."""
    no = Q(volunteer_answer=Answer.NO) | Q(newcomer_answer=Answer.NO)
    no |= Q(end_reason=Tandem.EndReason.CHANGE)
    declined = Tandem.objects.filter(no, volunteer__in=volunteers).order_by()
    return _sets(declined.values_list("volunteer_id", "request_id"))


def _sets(pairs: "Iterable[tuple[int, int]]") -> dict[int, frozenset[int]]:
    """Requests by volunteer."""
    found: dict[int, set[int]] = defaultdict(set)
    for volunteer, request in pairs:
        found[volunteer].add(request)
    return {volunteer: frozenset(requests) for volunteer, requests in found.items()}
