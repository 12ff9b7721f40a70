"""Rows of several queries as one query."""

from typing import Any

from django.db.models import QuerySet


def united(
    first: "QuerySet[Any, Any]", *others: "QuerySet[Any, Any]", repeated: bool = True
) -> "QuerySet[Any, Any]":
    """``UNION`` in no order; the parts may be limited, or ``none()``.

    Without ``repeated``, a row of several parts comes once; if one part is left, all its rows come.

    Django by itself orders the whole as the model of the first part does, by columns that may not be read,
    and gives a limited part as it is where all others are ``none()``.
    """
    rows = first.union(*others, all=repeated)
    return rows.order_by() if rows.query.combinator else rows
