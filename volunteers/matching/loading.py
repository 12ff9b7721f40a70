"""The profiles of both sides, loaded from the database in a fixed number of queries.

For volunteers it reads what they said in the application, because an organisation sees nothing else
of them (``volunteers/reads/known.py``). Free capacity, checks and answers to earlier proposals are
counted for the person.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from programs.models import District, ProtectionConcept
from programs.one_row import OneOf

from ..models import Application, CompanionRequest, ConductCheck, Tandem
from ..models.companions import Answer, TandemStatus
from ..models.statuses import Status
from ..reads.apart import kept_back, requests_kept_apart
from ..reads.preparation import (
    PROGRAMME,
    needing_certificate,
    programmes_with_certificate,
    with_open_steps,
)
from .profiles import Helper, Seeker

NOBODY: frozenset[int] = frozenset()
READY = frozenset((Status.READY.value, Status.PLACED.value))
PROPOSED, RUNNING = TandemStatus.PROPOSED.value, TandemStatus.RUNNING.value


def load_seekers(requests: "QuerySet[CompanionRequest]") -> list[Seeker]:
    """Five queries, in the order of ``requests``."""
    own = ("pk", "email", "languages", "weekdays", "dayparts", "wish", "district_id", "age_group")
    rows = list(requests.values(*own, "programme_id", "confirmed_at"))
    now = timezone.now()
    with_check = set(programmes_with_certificate().values_list("pk", flat=True))
    protected = set(ProtectionConcept.objects.values_list("programme_id", flat=True))
    keys = [row["pk"] for row in rows]
    fields = _linked(CompanionRequest.fields.through, "companionrequest", keys, "field_id")
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
            protected_by=row["programme_id"] if row["programme_id"] in protected else 0,
        )
        for row in rows
    ]


def load_helpers(
    applications: "QuerySet[Application]", requests: "QuerySet[CompanionRequest] | None" = None
) -> list[Helper]:
    """Ten queries, in the order of ``applications``; one more where somebody is kept apart.

    ``requests``: those they will be compared with; without, from all of which somebody may be kept.
    """
    if requests is None:
        requests = CompanionRequest.objects.all()
    own = ("pk", "email", "languages", "weekdays", "dayparts", "gender", "status", "tandem_limit")
    rest = ("more_asked", "volunteer_id", "organisation_id", "volunteer__break_until", "group_size")
    found = applications.annotate(programme=PROGRAMME)
    rows = list(found.values(*own, *rest, "volunteer__more_tandems", "programme"))
    unprepared = set(with_open_steps(applications.order_by()).values_list("pk", flat=True))
    with_check = set(needing_certificate(applications.order_by()).values_list("pk", flat=True))
    keys = [row["pk"] for row in rows]
    districts = _linked(Application.districts.through, "application", keys, "district_id")
    fields = _linked(Application.fields.through, "application", keys, "field_id")
    volunteers = sorted({row["volunteer_id"] for row in rows if row["volunteer_id"]})
    busy = Tandem.objects.alive().filter(OneOf("volunteer", volunteers)).order_by()
    lives = list(busy.values_list("volunteer_id", "status", "request_id"))
    alive = Counter((volunteer, status) for volunteer, status, _request in lives)
    together = _sets((volunteer, request) for volunteer, _status, request in lives)
    today = timezone.localdate()
    valid = ConductCheck.objects.valid().filter(OneOf("volunteer", volunteers)).order_by()
    checked = set(valid.values_list("volunteer_id", "organisation_id"))
    turned_down = _turned_down(volunteers)
    back, apart = kept_back(volunteers), requests_kept_apart(volunteers, requests)
    return [
        Helper(
            **_said(row),
            districts=districts.get(row["pk"], frozenset()),
            fields=fields.get(row["pk"], frozenset()),
            volunteer=row["volunteer_id"] or 0,
            gender=row["gender"],
            more_asked=row["more_asked"],
            ready=row["status"] in READY,
            is_group=row["group_size"] is not None,
            room=_room(row, alive),
            rests_until=_still(row["volunteer__break_until"], today),
            limit=row["tandem_limit"],
            has_check=(row["volunteer_id"], row["organisation_id"]) in checked,
            needs_check=row["pk"] in with_check,
            programme=row["programme"] or 0,
            prepared=row["pk"] not in unprepared,
            kept_back=row["volunteer_id"] in back,
            turned_down=turned_down.get(row["volunteer_id"], NOBODY)
            | apart.get(row["volunteer_id"], NOBODY),
            together=together.get(row["volunteer_id"], NOBODY),
        )
        for row in rows
    ]


def _room(row: dict[str, Any], alive: "Counter[tuple[int, str]]") -> int:
    """Not more at a time than the limit, and not more new ones than the person still wants."""
    volunteer, more = row["volunteer_id"], row["volunteer__more_tandems"]
    proposed = alive[volunteer, PROPOSED]
    room: int = row["tandem_limit"] - alive[volunteer, RUNNING] - proposed
    return max(0, room if more is None else min(room, more - proposed))


def _still(until: datetime.date | None, today: datetime.date) -> datetime.date | None:
    return until if until and today <= until else None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "pk": row["pk"],
        "email": row["email"],
        "languages": _shared(tuple(row["languages"])),
        "weekdays": _shared(tuple(row["weekdays"])),
        "dayparts": _shared(tuple(row["dayparts"])),
    }


@lru_cache(maxsize=4096)
def _shared(values: tuple[Any, ...]) -> frozenset[Any]:
    """One set for all who say the same: thousands of sets more are what the garbage collector walks through."""
    return frozenset(values)


def _linked(through: Any, owner: str, keys: list[int], what: str) -> dict[int, Any]:
    found: dict[int, set[Any]] = defaultdict(set)
    rows = through.objects.filter(OneOf(owner, keys)).values_list(f"{owner}_id", what)
    for number, value in rows:
        found[number].add(value)
    return {number: _shared(tuple(sorted(values))) for number, values in found.items()}


def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    pairs = District.neighbours.through.objects.values_list("from_district_id", "to_district_id")
    for number, neighbour in pairs:
        found[number].add(neighbour)
    return {number: frozenset(values) for number, values in found.items()}


def _turned_down(volunteers: list[int]) -> dict[int, frozenset[int]]:
    """Requests by volunteer where one of the two has said no, to the proposal or after meeting."""
    no = Q(volunteer_answer=Answer.NO) | Q(newcomer_answer=Answer.NO)
    no |= Q(end_reason=Tandem.EndReason.CHANGE)
    declined = Tandem.objects.filter(no, OneOf("volunteer", volunteers)).order_by()
    return _sets(declined.values_list("volunteer_id", "request_id"))


def _sets(pairs: "Iterable[tuple[int, int]]") -> dict[int, frozenset[int]]:
    """Requests by volunteer."""
    found: dict[int, set[int]] = defaultdict(set)
    for volunteer, request in pairs:
        found[volunteer].add(request)
    return {volunteer: frozenset(requests) for volunteer, requests in found.items()}
