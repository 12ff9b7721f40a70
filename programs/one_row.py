"""Rows of large tables: whether a row has a related one, how many, and whether its key is one of many."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    F,
    Field,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull


def has_one(rows: QuerySet[Any]) -> Q:
    """Condition: ``rows``, which refer to the outer row, has one; looked for row by row.

    For EXISTS, PostgreSQL may read all rows of the other table first, although a page of a list needs
    to know it of fifty.
    """
    return _has_first(rows.order_by())


def has_one_by(rows: QuerySet[Any], key: str) -> Q:
    """Condition: ``rows`` has one whose ``key`` is the outer row; looked for in the index of ``key``.

    Of a key with few values, PostgreSQL takes each for frequent, and reads the table until it meets the
    value: to the end for those without a row. So the row is asked for as the first one of a range.
    """
    outer = OuterRef("pk")
    return _has_first(
        rows.filter(**{f"{key}__gte": outer, f"{key}__lte": outer}).order_by(f"{key}_id")
    )


def _has_first(rows: QuerySet[Any]) -> Q:
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))


def number_of(rows: QuerySet[Any], key: str) -> Coalesce:
    """How many of ``rows`` have the outer row as their ``key``; counted only for the rows of a page."""
    own = rows.filter(**{key: OuterRef("pk")}).order_by()
    counted = own.values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


class OneOf(Func):
    """``field = ANY(keys)``: one parameter, where IN needs hundreds. The keys may be a subquery, too."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, field: str, keys: Sequence[Any] | ArraySubquery) -> None:
        super().__init__(
            F(field),
            keys if isinstance(keys, ArraySubquery) else Value(keys),
            output_field=BooleanField(),
        )

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """PostgreSQL has to know what the keys are, also where there are none."""
        resolved: Any = super().resolve_expression(*args, **kwargs)
        column, keys = resolved.source_expressions
        if isinstance(keys, Value):
            plain = _plain(column.target)
            keys.output_field = ArrayField(plain)
            if isinstance(plain, BigIntegerField):
                resolved.set_source_expressions([column, _Numbers(keys.value)])
        return resolved


class _Numbers(Value):
    """Whole numbers as one text: looked at one by one, thousands of them cost more than their query."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        numbers = ",".join(str(int(number)) for number in self.value)
        return "%s::bigint[]", ("{" + numbers + "}",)


def _plain(column: Any) -> "Field[Any, Any]":
    """A field of the type of ``column``, which may be a key to another table."""
    while column.remote_field:
        column = column.target_field
    return CharField() if isinstance(column, CharField) else BigIntegerField()
