"""Conditions on rows of large tables: whether there is a related row, whether the key is one of many."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull


def has_one(rows: QuerySet[Any]) -> Q:
    """Condition: ``rows``, which refer to the outer row, has one; looked for row by row.

    For EXISTS, PostgreSQL may read all rows of the other table first, although a page of a list needs
    to know it of fifty.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


class OneOf(Func):
    """``field = ANY(numbers)``: one parameter, where IN needs hundreds. Numbers may be a subquery, too."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, field: str, numbers: list[int] | ArraySubquery) -> None:
        array: Any = numbers
        if isinstance(numbers, list):
            array = Value(numbers, ArrayField(BigIntegerField()))
        super().__init__(F(field), array, output_field=BooleanField())
