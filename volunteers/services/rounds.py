"""Going through what is due, one by one."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 500
"""Rows that one transaction deletes."""


def each(dues: Iterable[T], work: Callable[[T], int]) -> int:
    """Do ``work`` for each of ``dues`` in a transaction of its own; returns the sum of what it did.

    One that fails does not hold up the others and is found again in the next round.
    """
    done = 0
    for due in dues:
        try:
            with transaction.atomic():
                done += work(due)
        except Exception:
            logger.exception("%s failed for %s", getattr(work, "__name__", work), due)
    return done


def delete_in_batches(records: "QuerySet[Any]") -> int:
    """Delete what is due, ``BATCH`` rows in a transaction; returns how many.

    Rows are locked and looked at again. What somebody else holds at this moment is left for the next
    round: they may be about to make it stay, or delete it themselves.
    """
    deleted = 0
    while batch := _delete_batch(records):
        deleted += batch
    return deleted


def _delete_batch(records: "QuerySet[Any]") -> int:
    rows = records.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    with transaction.atomic():
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        # Other tables are read anew: what the lock waited for may have changed them.
        still = list(records.filter(pk__in=keys).values_list("pk", flat=True))
        records.model._base_manager.filter(pk__in=still).delete()
    return len(still)
