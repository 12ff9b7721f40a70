"""Finds organisations that were probably entered twice.

Names are compared by the database (``programs/sql/0004_names.sql``): „ae“ equals „ä“; case, punctuation,
bracketed abbreviations and legal forms do not count; words that many names share count less. The same
district speaks for one organisation, different districts speak against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .models import DifferentPair, Organisation

LIKELY = 0.6
"""Minimum score of a likely double; a score is at most 1.1."""
SAME_DISTRICT, OTHER_DISTRICT = 0.1, -0.25
"""Added to the likeness of two names, which is from 0 to 1."""
SAME_NAME = 0.95
"""Likeness from which on two names are the same, but for spelling, brackets and legal form."""
MOST = 200
"""Maximum number of pairs that are found; the most similar ones."""

_KNOWN = """
    SELECT entry.id, title, ARRAY(SELECT place.district_id::text FROM programs_entry_districts AS place
        WHERE place.entry_id = entry.id) AS districts
    FROM programs_entry AS entry WHERE entry.id = ANY(%(numbers)s)
    UNION ALL
    SELECT kept_id, title, '{}'::text[] FROM programs_formerorganisation WHERE kept_id = ANY(%(numbers)s)
"""
"""The organisations, also under the names of those that were merged into them."""
_WANTED = """
    SELECT number - 1 AS id, title, array_remove(string_to_array(districts, ','), '') AS districts
    FROM unnest(%(titles)s::text[], %(districts)s::text[]) WITH ORDINALITY
        AS wanted(title, districts, number)
"""
_SCORES = """
WITH known AS MATERIALIZED (
    SELECT *, name_key(title) AS key, name_core(title) AS core, name_in_brackets(title) AS brackets
    FROM ({known}) AS named
), wanted AS MATERIALIZED (
    SELECT *, name_key(title) AS key, name_core(title) AS core, name_in_brackets(title) AS brackets
    FROM ({wanted}) AS named
), alike AS (
    SELECT one.id AS one, other.id AS other, one.districts && other.districts AS same,
        one.districts <> '{{}}' AND other.districts <> '{{}}' AS both_known,
        CASE WHEN one.key = other.key THEN 1
            WHEN one.brackets = other.key OR other.brackets = one.key THEN %(same_name)s
            ELSE least(similarity(one.core, other.core),
                (similarity(one.core, other.core) + similarity(one.key, other.key)) / 2)
        END AS likeness
    FROM wanted AS one JOIN known AS other ON {pairs} one.key <> '' AND other.key <> ''
        AND (one.key = other.key OR one.brackets = other.key OR other.brackets = one.key
            OR similarity(one.core, other.core) >= %(least)s)
), scored AS (
    SELECT one, other, bool_or(same) AS same, max(likeness) AS likeness,
        max(likeness + CASE WHEN same THEN %(same)s WHEN both_known THEN %(apart)s ELSE 0 END) AS score
    FROM alike GROUP BY one, other
)
SELECT one, other, same, likeness FROM scored WHERE score >= %(likely)s
ORDER BY score DESC, one, other LIMIT %(most)s
"""
"""``similarity`` is from pg_trgm. Django's own functions cannot join a list of names with a table."""


@dataclass(frozen=True)
class Likely:
    """An organisation that is probably the same as another one, or as a name."""

    organisation: Organisation
    same_district: bool
    likeness: float

    @property
    def is_same_name(self) -> bool:
        return self.likeness >= SAME_NAME

    @property
    def reason(self) -> str:
        """Why it is probably the same, in words."""
        reasons = [_("gleicher Name") if self.is_same_name else _("ähnlicher Name")]
        reasons += [_("gleicher Stadtbezirk")] if self.same_district else []
        return " · ".join(reasons)


@dataclass(frozen=True)
class Pair:
    one: Organisation
    likely: Likely
    """The other one."""


@dataclass(frozen=True)
class Named:
    """A name, and the numbers of its districts: a row of a list, not in the database yet."""

    title: str
    districts: Sequence[str] = ()


def likely_pairs(among: "QuerySet[Organisation]") -> list[Pair]:
    """Pairs of ``among`` that are probably the same, the most similar first; five queries.

    Pairs that somebody has found to be different are left out.
    """
    rows = _scores(among, _KNOWN, pairs="one.id < other.id AND")
    different = _different(pk for row in rows for pk in row[:2])
    rows = [row for row in rows if frozenset(row[:2]) not in different]
    found = _organisations(among, (pk for row in rows for pk in row[:2]))
    return [Pair(found[one], Likely(found[other], same, how)) for one, other, same, how in rows]


def doubles_of(organisation: Organisation, among: "QuerySet[Organisation]") -> list[Likely]:
    """Organisations of ``among`` that are probably the same as ``organisation``."""
    districts = [district.pk for district in organisation.districts.all()]
    [found] = likely_doubles(
        [Named(organisation.title, districts)], among.exclude(pk=organisation.pk)
    )
    different = _different([organisation.pk, *(one.organisation.pk for one in found)])
    pairs = (frozenset((organisation.pk, one.organisation.pk)) for one in found)
    return [one for one, pair in zip(found, pairs, strict=True) if pair not in different]


def likely_doubles(wanted: Sequence[Named], among: "QuerySet[Organisation]") -> list[list[Likely]]:
    """For each name the organisations of ``among`` that are probably it; four queries."""
    rows = _scores(
        among,
        _WANTED,
        titles=[one.title for one in wanted],
        districts=[",".join(map(str, one.districts)) for one in wanted],
        most=MOST + len(wanted),
    )
    organisations = _organisations(among, (row[1] for row in rows))
    found: list[list[Likely]] = [[] for _ in wanted]
    for number, pk, same, likeness in rows:
        found[number].append(Likely(organisations[pk], same, likeness))
    return found


def _scores(
    among: "QuerySet[Organisation]", wanted: str, pairs: str = "", **values: Any
) -> list[tuple[int, int, bool, float]]:
    parameters: dict[str, Any] = {
        "numbers": list(among.order_by().values_list("pk", flat=True)),
        "least": LIKELY - SAME_DISTRICT,
        "likely": LIKELY,
        "same": SAME_DISTRICT,
        "apart": OTHER_DISTRICT,
        "same_name": SAME_NAME,
        "most": MOST,
    } | values
    with connection.cursor() as cursor:
        cursor.execute(_SCORES.format(known=_KNOWN, wanted=wanted, pairs=pairs), parameters)
        return list(cursor.fetchall())


def _different(numbers: Iterable[int]) -> set[frozenset[int]]:
    listed = set(numbers)
    pairs = DifferentPair.objects.filter(Q(one__in=listed), Q(other__in=listed))
    return {frozenset(pair) for pair in pairs.values_list("one", "other")}


def _organisations(
    among: "QuerySet[Organisation]", numbers: Iterable[int]
) -> dict[int, Organisation]:
    return among.prefetch_related("districts").in_bulk(set(numbers))
