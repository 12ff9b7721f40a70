"""Finds records that are probably about one person: for the Portalverwaltung only.

A person is a name at an address. So two records look like one person if the name is the same and the
address is another one, or if a similar name has the same address or number: a typing error, or a
couple. A human being decides.

What more than :data:`FEW` records share says nothing: a frequent name, the mailbox or the telephone of a
shelter. So each record is compared with a few others at most, and an index finds them in order: the first
pairs are found without reading the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from ..models import Volunteer

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SIMILAR = 0.5
"""Minimum trigram similarity (0 to 1) of two names at one address."""
FEW = 5
"""The most records that share a name, an address or a number which still is a sign of a double."""
MOST = 100
"""Pairs that are shown at once."""
MOST_PAGES = 100


class Sign(NamedTuple):
    """By what two records may be seen to be one person's."""

    slug: str
    label: "str | _StrPromise"
    shared: str
    """What both share, as SQL about a row ``{}``; an index keeps it in order."""
    also: str = "true"
    """What else has to be so of the two rows."""


_SIMILAR_NAMES = "similarity(search_fold(one.name), search_fold(other.name)) >= %(similar)s"
NAME = Sign("name", _("gleicher Name, andere Adresse"), "person_key({}.name)")
ADDRESS = Sign("adresse", _("ähnlicher Name, gleiche Adresse"), "{}.email", _SIMILAR_NAMES)
PHONE = Sign("telefon", _("ähnlicher Name, gleiche Telefonnummer"), "{}.phone", _SIMILAR_NAMES)
SIGNS = (NAME, ADDRESS, PHONE)

_PAIRS = """
WITH few AS NOT MATERIALIZED (
    SELECT {shared_of_each} AS shared FROM volunteers_volunteer AS each
    WHERE {shared_of_each} <> '' GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(few)s
)
SELECT one.id, other.id
FROM few JOIN volunteers_volunteer AS one ON {shared_of_one} = few.shared
    JOIN volunteers_volunteer AS other ON {shared_of_other} = few.shared AND one.id < other.id AND {also}
ORDER BY few.shared, 1, 2 LIMIT %(most)s OFFSET %(before)s
"""


@dataclass(frozen=True)
class Pair:
    """Two records that are probably about one person."""

    one: Volunteer
    other: Volunteer


def reason(email: str, other: str, *, same_name: bool) -> str:
    """Why two with these addresses are probably one person."""
    if same_name:
        return str(NAME.label)
    return str(ADDRESS.label if email and email == other else PHONE.label)


def question(sign: Sign) -> str:
    """The SQL that finds keys of pairs by ``sign``; its parameters are :func:`values_of`."""
    names = {f"shared_of_{row}": sign.shared.format(row) for row in ("each", "one", "other")}
    return _PAIRS.format(**names, also=sign.also)


def values_of(page: int) -> dict[str, float]:
    return {"few": FEW, "similar": SIMILAR, "most": MOST + 1, "before": (page - 1) * MOST}


def likely_pairs(sign: Sign, page: int = 1) -> tuple[Sequence[Pair], bool]:
    """The pairs of a page by ``sign``, and whether there are more; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(question(sign), values_of(page))
        rows = cursor.fetchall()
    keys = rows[:MOST]
    found = Volunteer.objects.in_bulk({pk for pair in keys for pk in pair})
    there = ((found.get(one), found.get(other)) for one, other in keys)
    pairs = [Pair(one, other) for one, other in there if one and other]  # not merged just now
    return pairs, len(rows) > MOST and page < MOST_PAGES
