"""Many counts in one query."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def counts_of(found: "Sequence[QuerySet[Any] | int]") -> list[int]:
    """How many rows each of ``found`` has; numbers stay as they are. One query, however many there are.

    Django has no way to ask several tables at once, so its statements become parts of one. What can have
    no rows, as Django knows itself, is not asked. Slices are not taken.
    """
    numbers: list[int] = []
    parts: list[tuple[int, str]] = []
    values: list[Any] = []
    for one in found:
        numbers.append(one if isinstance(one, int) else 0)
        if isinstance(one, int):
            continue
        try:
            sql, params = one.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((len(numbers) - 1, f"(SELECT count(*) FROM ({sql}) AS rows)"))  # noqa: S608 - Django's own
        values += params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _, sql in parts)}", values)
            row = cursor.fetchone()
        for (place, _), number in zip(parts, row, strict=True):
            numbers[place] = number
    return numbers
