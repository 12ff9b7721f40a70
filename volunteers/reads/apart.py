"""Who is not proposed after a tandem that ended for reasons of safety."""

from collections import defaultdict

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


def kept_back(volunteers: list[int]) -> set[int]:
    """Those of ``volunteers`` who are proposed to nobody until a person of trust frees them."""
    found = KeptApart.objects.not_freed().filter(OneOf("volunteer", volunteers))
    return set(found.values_list("volunteer_id", flat=True))


def requests_kept_apart(
    volunteers: list[int], requests: "QuerySet[CompanionRequest]"
) -> dict[int, set[int]]:
    """Volunteer → those of ``requests`` from whose people they are kept, also new ones under the same address.

    The search that the tandem came from is among them whatever its address is now.
    """
    apart = KeptApart.objects.filter(OneOf("volunteer", volunteers))
    rows = list(apart.values_list("volunteer_id", "marks", "concern__tandem__request"))
    if not rows:
        return {}
    of_mark: dict[str, list[int]] = defaultdict(list)
    for pk, email, phone in requests.order_by().values_list("pk", "email", "phone"):
        for way in _ways(email, phone):
            for mark in known_marks(SALT, way):
                of_mark[mark].append(pk)
    found: dict[int, set[int]] = defaultdict(set)
    for volunteer, marks, request in rows:
        found[volunteer].update(*(of_mark[mark] for mark in marks), {request} - {None})
    return found
