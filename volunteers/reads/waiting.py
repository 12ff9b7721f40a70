"""How long sign-ups have waited for an answer, and how far those of the last year have come."""

import datetime
from collections.abc import Mapping

from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from programs.one_row import has_one

from ..models import Application, StatusChange
from ..models.statuses import BEGUN, Status

DAY = datetime.timedelta(days=1)

WAITING: Mapping[str, tuple[int, int | None]] = {
    "bis2": (0, 3),
    "bis7": (3, 8),
    "bis14": (8, 15),
    "laenger": (15, None),
}
"""Slug → full days since the confirmation: from, and below."""

ANSWERED = (*BEGUN, Status.IN_CONTACT, Status.IN_TRAINING, Status.READY, Status.COMPLETED)
REACHED: Mapping[str, tuple[Status, ...]] = {
    "angemeldet": (),
    "gespraech": ANSWERED,
    "startbereit": (*BEGUN, Status.READY, Status.COMPLETED),
    "einsatz": (*BEGUN, Status.COMPLETED),
}
"""Slug → the statuses of which one was reached; who is placed counts for all before."""


def waiting_for(found: "QuerySet[Application]", slug: str) -> "QuerySet[Application]":
    """New ones that have waited so long today."""
    start, end = WAITING[slug]
    now = timezone.now()
    rows = found.filter(status=Status.NEW).alias(since=Coalesce("confirmed_at", "submitted_at"))
    rows = rows.filter(since__lte=now - start * DAY) if start else rows
    return rows if end is None else rows.filter(since__gt=now - end * DAY)


def having_reached(found: "QuerySet[Application]", slug: str) -> "QuerySet[Application]":
    """Those of the last twelve months that have come so far at least once."""
    statuses = REACHED[slug]
    rows = found.filter(
        submitted_at__gte=timezone.now() - 365 * DAY, confirmed_at__isnull=False
    ).exclude(status=Status.UNCONFIRMED)
    if not statuses:
        return rows
    was = StatusChange.objects.filter(application=OuterRef("pk"), status__in=statuses)
    return rows.filter(has_one(was))
