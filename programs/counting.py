"""Many counts in one query."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _


class Counted(int):
    """A number of rows, which templates compare and count, too.

    ``words``: what it reads where it is not exact, with ``%(number)s``: „mehr als 1.000“, „etwa 2.000.000“.
    """

    words = ""

    def __str__(self) -> str:
        if not self.words:
            return super().__repr__()
        return self.words % {"number": number_format(int(self), force_grouping=True)}

    @property
    def grouped(self) -> str:
        """„2.345“, „etwa 2.000.000“."""
        return str(self) if self.words else number_format(int(self), force_grouping=True)


def counts_of(found: "Sequence[QuerySet[Any] | int]", most: int | None = None) -> list[Counted]:
    """How many rows each of ``found`` has; numbers stay as they are. One query, however many there are.

    With ``most``, each is counted so far and no further: whoever has to do with more rows need not know
    how many, and PostgreSQL need not read them all. A slice of ``most + 1`` rows keeps its order: that is
    for what PostgreSQL would not find quickly without.

    Django has no way to ask several tables at once, so its statements become parts of one. What can have
    no rows, as Django knows itself, is not asked.
    """
    numbers: list[Counted] = []
    parts: list[tuple[int, str]] = []
    values: list[Any] = []
    for one in found:
        numbers.append(Counted(one if isinstance(one, int) else 0))
        if isinstance(one, int):
            continue
        rows = one
        if not one.query.is_sliced:
            rows = one.order_by()[: None if most is None else most + 1]
        try:
            sql, params = rows.values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((len(numbers) - 1, f"(SELECT count(*) FROM ({sql}) AS rows)"))  # noqa: S608 - Django's own
        values += params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _place, sql in parts)}", values)
            row = cursor.fetchone()
        for (place, _sql), number in zip(parts, row, strict=True):
            numbers[place] = counted(number, most)
    return numbers


def together(counts: Iterable[Counted]) -> Counted:
    """The sum, of which one part that is not exact makes a „mehr als …“."""
    counts = list(counts)
    found = Counted(sum(counts))
    found.words = next((one.words for one in counts if one.words), "")
    return found


def counted(number: int, most: int | None) -> Counted:
    """``number``, which says „mehr als“ beyond ``most``."""
    if most is None or number <= most:
        return Counted(number)
    shown = Counted(most)
    shown.words = _("mehr als %(number)s")
    return shown
