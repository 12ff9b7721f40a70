"""The profiles of both sides, loaded from the database in a few queries, however many they are.

For volunteers it reads what they said in the application, because an organisation sees nothing else
of them (``volunteers/reads/known.py``). Free capacity, checks and answers to earlier proposals are
counted for the person.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from programs.models import District, ProtectionConcept
from programs.one_row import OneOf

from ..models import Application, CompanionRequest, Tandem
from ..models.companions import Answer, TandemStatus
from ..models.requests import ALIVE
from ..models.statuses import Status
from ..reads.apart import kept_apart
from ..reads.preparation import (
    PROGRAMME,
    is_certified,
    lacks_a_step,
    programmes_with_certificate,
)
from .profiles import Helper, Seeker

NOBODY: frozenset[int] = frozenset()
READY = frozenset((Status.READY.value, Status.PLACED.value))
PROPOSED, RUNNING = TandemStatus.PROPOSED.value, TandemStatus.RUNNING.value


def load_seekers(requests: "QuerySet[CompanionRequest]") -> list[Seeker]:
    """Two queries, in the order of ``requests``."""
    own = ("pk", "email", "languages", "weekdays", "dayparts", "wish", "district_id", "age_group")
    concept = ProtectionConcept.objects.filter(programme=OuterRef("programme"))
    found = requests.annotate(
        linked_fields=_linked(CompanionRequest.fields.through, "companionrequest", "field_id"),
        with_check=Exists(programmes_with_certificate().filter(pk=OuterRef("programme"))),
        is_protected=Exists(concept),
    )
    rest = ("programme_id", "confirmed_at", "linked_fields", "with_check", "is_protected")
    neighbours, now = _neighbours(), timezone.now()
    return [
        Seeker(
            **_said(row),
            districts=_shared(tuple(filter(None, [row["district_id"]]))),
            near=neighbours.get(row["district_id"], frozenset()),
            wish=row["wish"],
            waited=max(0, (now - row["confirmed_at"]).days) if row["confirmed_at"] else 0,
            needs_check=row["with_check"] or row["age_group"] == CompanionRequest.AgeGroup.MINOR,
            protected_by=row["programme_id"] if row["is_protected"] else 0,
        )
        for row in found.values(*own, *rest)
    ]


def load_helpers(
    applications: "QuerySet[Application]", requests: "QuerySet[CompanionRequest] | None" = None
) -> list[Helper]:
    """Three queries, in the order of ``applications``; one more where somebody is kept apart.

    ``requests``: those they will be compared with; without, from all of which somebody may be kept.
    """
    if requests is None:
        requests = CompanionRequest.objects.all()
    own = ("pk", "email", "languages", "weekdays", "dayparts", "gender", "status", "tandem_limit")
    rest = ("more_asked", "volunteer_id", "volunteer__break_until", "volunteer__more_tandems")
    found = applications.annotate(
        programme_key=PROGRAMME,
        linked_districts=_linked(Application.districts.through, "application", "district_id"),
        linked_fields=_linked(Application.fields.through, "application", "field_id"),
        with_check=Exists(programmes_with_certificate().filter(pk=OuterRef("programme_key"))),
        has_check=is_certified(),
        lacks=ExpressionWrapper(lacks_a_step(), BooleanField()),
    )
    made = ("linked_districts", "linked_fields", "with_check", "has_check", "lacks")
    rows = list(found.values(*own, *rest, "group_size", "programme_key", *made))
    volunteers = sorted({row["volunteer_id"] for row in rows if row["volunteer_id"]})
    lives, turned_down = _tandems(volunteers)
    alive = Counter((volunteer, status) for volunteer, status, _request in lives)
    together = _sets((volunteer, request) for volunteer, _status, request in lives)
    today = timezone.localdate()
    back, apart = kept_apart(volunteers, requests)
    return [
        Helper(
            **_said(row),
            districts=_set(row["linked_districts"]),
            volunteer=row["volunteer_id"] or 0,
            gender=row["gender"],
            more_asked=row["more_asked"],
            ready=row["status"] in READY,
            is_group=row["group_size"] is not None,
            room=_room(row, alive),
            rests_until=_still(row["volunteer__break_until"], today),
            limit=row["tandem_limit"],
            has_check=row["has_check"],
            needs_check=row["with_check"],
            programme=row["programme_key"] or 0,
            prepared=not row["lacks"],
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
        "fields": _set(row["linked_fields"]),
    }


def _set(values: list[Any]) -> frozenset[Any]:
    return _shared(tuple(sorted(values)))


@lru_cache(maxsize=4096)
def _shared(values: tuple[Any, ...]) -> frozenset[Any]:
    """One set for all who say the same: thousands of sets more are what the garbage collector walks through."""
    return frozenset(values)


def _linked(through: Any, owner: str, what: str) -> ArraySubquery:
    """What the outer row is linked to."""
    return ArraySubquery(through.objects.filter(**{owner: OuterRef("pk")}).order_by().values(what))


def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    pairs = District.neighbours.through.objects.values_list("from_district_id", "to_district_id")
    for number, neighbour in pairs:
        found[number].add(neighbour)
    return {number: frozenset(values) for number, values in found.items()}


def _tandems(
    volunteers: list[int],
) -> tuple[list[tuple[int, str, int]], dict[int, frozenset[int]]]:
    """Volunteer, status and request of tandems that are alive; and requests by volunteer where one of the
    two has said no, to the proposal or after meeting.
    """
    no = Q(volunteer_answer=Answer.NO) | Q(newcomer_answer=Answer.NO)
    no |= Q(end_reason=Tandem.EndReason.CHANGE)
    is_no = ExpressionWrapper(no, BooleanField())
    found = Tandem.objects.filter(no | Q(status__in=ALIVE), OneOf("volunteer", volunteers))
    rows = list(found.order_by().values_list("volunteer_id", "status", "request_id", is_no))
    alive = [(who, status, request) for who, status, request, _no in rows if status in ALIVE]
    return alive, _sets((who, request) for who, _status, request, said_no in rows if said_no)


def _sets(pairs: "Iterable[tuple[int, int]]") -> dict[int, frozenset[int]]:
    """Requests by volunteer."""
    found: dict[int, set[int]] = defaultdict(set)
    for volunteer, request in pairs:
        found[volunteer].add(request)
    return {volunteer: frozenset(requests) for volunteer, requests in found.items()}
