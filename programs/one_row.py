"""Whether there is a related row, as a condition on rows of large tables."""

from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.lookups import IsNull


def has_one(rows: QuerySet[Any]) -> Q:
    """Condition: ``rows``, which refer to the outer row, has one; looked for row by row.

    For EXISTS, PostgreSQL may read all rows of the other table first, although a page of a list needs
    to know it of fifty.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))
