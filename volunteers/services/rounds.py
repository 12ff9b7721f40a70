"""Going through what is due, one by one."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)

T = TypeVar("T")


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
