"""Who is not proposed after a tandem that ended for reasons of safety."""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import QuerySet

from programs.one_row import OneOf
from programs.phones import dialled

from ..keyed import keyed, known_marks
from ..models import CompanionRequest, KeptApart

SALT = "volunteers.kept_apart"


def marks_of(email: str, phone: str) -> list[str]:
    """Keyed hashes by which the same person is known again; nobody can read the address from them."""
    return [keyed(SALT, one) for one in _ways(email, phone)]


def _ways(email: str, phone: str) -> list[str]:
    return [one for one in (email.strip().lower(), dialled(phone)) if one]


class Apart(NamedTuple):
    """``back``: those who are proposed to nobody until a person of trust frees them. ``requests``: volunteer →
    those from whose people they are kept, also new ones under the same address.
    """

    back: set[int]
    requests: dict[int, set[int]]


def kept_apart(volunteers: list[int], requests: "QuerySet[CompanionRequest]") -> Apart:
    """Who of ``volunteers`` is kept from whom of ``requests``; one query, one more where there is somebody.

    The search that the tandem came from is among them whatever its address is now.
    """
    kept = KeptApart.objects.filter(OneOf("volunteer", volunteers))
    rows = list(
        kept.values_list("volunteer_id", "marks", "concern__tandem__request", "freed_at").order_by()
    )
    found: dict[int, set[int]] = defaultdict(set)
    of_mark = _of_marks(requests) if rows else {}
    for volunteer, marks, request, _freed in rows:
        found[volunteer].update(*(of_mark.get(one, ()) for one in marks), {request} - {None})
    return Apart({volunteer for volunteer, *_rest, freed in rows if freed is None}, found)


def _of_marks(requests: "QuerySet[CompanionRequest]") -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for pk, email, phone in requests.order_by().values_list("pk", "email", "phone"):
        for way in _ways(email, phone):
            for mark in known_marks(SALT, way):
                found[mark].append(pk)
    return found
