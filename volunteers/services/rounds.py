"""Helpers for jobs that go through all due records."""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 500
"""Rows deleted in one transaction."""


def keys_of(records: "QuerySet[Any]") -> list[Any]:
    """The primary keys in their order, as they are now.

    All at once, at 36 bytes each: a connection that is lost in one transaction of a round does not end the round.
    """
    return list(records.order_by("pk").values_list("pk", flat=True))


def batches(dues: Iterable[T]) -> Iterator[list[T]]:
    """``dues``, :data:`BATCH` at a time."""
    rest = iter(dues)
    while batch := list(islice(rest, BATCH)):
        yield batch


def each(dues: Iterable[T], work: Callable[[T], int]) -> int:
    """Call ``work`` for each of ``dues``, each in its own transaction; returns the sum of the results.

    An exception is logged and does not stop the others; the next run tries again.
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
    """Delete what is due, ``BATCH`` rows in each transaction; returns how many.

    Locks the rows and checks them again. Rows that another transaction has locked wait for the next
    run: that transaction may give them a reason to stay, or delete them itself.
    """
    deleted = 0
    while batch := _delete_batch(records):
        deleted += batch
    return deleted


def _delete_batch(records: "QuerySet[Any]") -> int:
    rows = records.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    with transaction.atomic():
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        # Query the other tables again: they may have changed while this waited for the lock.
        still = list(records.filter(pk__in=keys).values_list("pk", flat=True))
        records.model._base_manager.filter(pk__in=still).delete()
    return len(still)
