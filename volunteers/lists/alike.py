"""Rows of a list of people that look like somebody whom the organisation knows already.

A row is somebody new if the organisation knows nobody with this name at this address. If it knows the
name from another address, or a similar name at this address or phone number, it may be the same person
after all. Only people whom the importing user sees are compared, so nobody learns who else is known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from programs.exchange.alike import Alike, Decision

from ..models import Application, User
from ..models.statuses import CLOSED
from ..reads.doubles import SIMILAR, reason
from .taking_in import Who

_ALIKE = r"""
WITH listed AS MATERIALIZED (
    SELECT place, email, regexp_replace(phone, '\D', '', 'g') AS phone, person_key(name) AS key,
        search_fold(name) AS name
    FROM unnest(%(names)s::text[], %(emails)s::text[], %(phones)s::text[])
        WITH ORDINALITY AS one(name, email, phone, place)
), known AS MATERIALIZED (
    SELECT id, email, regexp_replace(phone, '\D', '', 'g') AS phone, person_key(name) AS key,
        search_fold(name) AS name
    FROM volunteers_application WHERE id = ANY(%(numbers)s)
)
SELECT place - 1, id, true AS same_name
FROM listed JOIN known USING (key)
UNION
SELECT place - 1, id, false
FROM listed JOIN known ON listed.key <> known.key AND (
    (listed.email <> '' AND listed.email = known.email) OR (listed.phone <> '' AND listed.phone = known.phone))
WHERE similarity(listed.name, known.name) >= %(similar)s
ORDER BY 1, same_name DESC, 2
"""


def look_alike(people: Sequence[Who], user: User) -> list[list[Alike]]:
    """For each of ``people`` those whom ``user`` knows and who are perhaps the same; three queries."""
    seen = Application.objects.visible_to(user).exclude(status__in=CLOSED)
    newest = seen.order_by("volunteer_id", "-submitted_at", "-pk").distinct("volunteer_id")
    values: dict[str, Any] = {
        "names": [one.name for one in people],
        "emails": [one.email for one in people],
        "phones": [one.phone for one in people],
        "numbers": list(newest.values_list("pk", flat=True)),
        "similar": SIMILAR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, values)
        rows = cursor.fetchall()
    records = seen.select_related("organisation").prefetch_related("districts", "fields")
    applications = records.in_bulk({pk for _row, pk, _same in rows})
    found: list[list[Alike]] = [[] for _ in people]
    for row, pk, same_name in rows:
        known = applications[pk]
        why = reason(people[row].email, known.email, same_name=same_name)
        found[row].append(Alike(known, why))
    return found


def name_the_known(
    dataset: Any, decisions: Mapping[int, Decision], headings: Mapping[str, str], user: User
) -> None:
    """Give rows that are somebody known the name and address under which the portal knows them.

    The address is proven and the name may be the person's own; a list changes neither. ``headings``
    are those of the fields of :class:`Who`.
    """
    numbers = [decision.record for decision in decisions.values() if decision.record]
    known = {
        str(one.pk): one for one in Application.objects.visible_to(user).filter(pk__in=numbers)
    }
    places = {
        name: dataset.headers.index(heading)
        for name, heading in headings.items()
        if heading in dataset.headers
    }
    for index, number in enumerate(dataset.row_numbers):
        application = known.get(decisions[number].record) if number in decisions else None
        if application is None:
            continue
        cells = list(dataset[index])
        for name, place in places.items():
            if name != "phone" or not application.email:
                cells[place] = getattr(application, name)
        dataset[index] = cells
