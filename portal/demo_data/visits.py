"""Invented visit counts of rooms. They are shown in the administration only."""

import datetime
import random
from typing import Any

from django.utils import timezone

from welcome_rooms.models import VisitCount, WelcomeRoom

from .once import Once

WEEKS = 30
ROOMS = 2
"""So many rooms count; the others show how a page without figures looks."""


def load(once: Once, now: datetime.datetime, *, seed: int) -> int:
    """Create one count a week for each offer of some rooms; returns how many."""
    counting: Any = WelcomeRoom.objects.filter(offers__isnull=False).distinct().order_by("title")
    new = [room for room in counting[:ROOMS] if once.is_new("visits", room.slug)]
    counts = [count for room in new for count in _counts(room, timezone.localdate(now), seed=seed)]
    return len(VisitCount.objects.bulk_create(counts, ignore_conflicts=True))


def _counts(room: WelcomeRoom, today: datetime.date, *, seed: int) -> list[VisitCount]:
    chance = random.Random(f"{seed}:{room.slug}")  # noqa: S311
    return [
        VisitCount(
            room=room,
            offer=offer,
            day=today - datetime.timedelta(days=7 * week + number),
            number=chance.randint(6, 40),
            is_estimate=chance.random() < 0.3,
        )
        for number, offer in enumerate(room.offers.all(), start=1)
        for week in range(WEEKS)
    ]
