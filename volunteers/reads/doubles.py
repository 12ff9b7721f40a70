"""Finds records that are probably about one person: for the Portalverwaltung only.

A person is a name at an address. So two records look like one person if the name is the same and the
address is another one, or if a similar name has the same address or number: a typing error, or a
couple. A human being decides.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from ..models import Volunteer

SIMILAR = 0.5
"""Minimum trigram similarity (0 to 1) of two names at one address."""
MOST = 200

_PAIRS = """
WITH people AS MATERIALIZED (
    SELECT id, email, phone, person_key(name) AS key, search_fold(name) AS name
    FROM volunteers_volunteer
)
SELECT one.id, other.id, one.key = other.key AS same_name
FROM people AS one JOIN people AS other ON one.id < other.id AND one.key = other.key
WHERE (%(pk)s::bigint IS NULL OR %(pk)s IN (one.id, other.id))
UNION
SELECT one.id, other.id, false
FROM people AS one JOIN people AS other ON one.id < other.id AND one.key <> other.key
    AND ((one.email <> '' AND one.email = other.email) OR (one.phone <> '' AND one.phone = other.phone))
WHERE (%(pk)s::bigint IS NULL OR %(pk)s IN (one.id, other.id)) AND similarity(one.name, other.name) >= %(similar)s
ORDER BY same_name DESC, 1, 2 LIMIT %(most)s
"""


@dataclass(frozen=True)
class Pair:
    """Two records that are probably about one person."""

    one: Volunteer
    other: Volunteer
    same_name: bool

    @property
    def reason(self) -> str:
        return reason(self.one.email, self.other.email, same_name=self.same_name)


def reason(email: str, other: str, *, same_name: bool) -> str:
    """Why two with these addresses are probably one person."""
    if same_name:
        return _("gleicher Name, andere Adresse")
    if email and email == other:
        return _("ähnlicher Name, gleiche Adresse")
    return _("ähnlicher Name, gleiche Telefonnummer")


def likely_pairs(of: Volunteer | None = None) -> list[Pair]:
    """The pairs, or those with the record ``of``; two queries."""
    with connection.cursor() as cursor:
        values = {"pk": of.pk if of else None, "similar": SIMILAR, "most": MOST}
        cursor.execute(_PAIRS, values)
        rows = cursor.fetchall()
    found = Volunteer.objects.in_bulk({pk for row in rows for pk in row[:2]})
    return [Pair(found[one], found[other], same) for one, other, same in rows]
