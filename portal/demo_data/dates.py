"""Invented single dates: two for which somebody is wanted, and a few volunteers who may be asked."""

import datetime

from django.utils import timezone

from programs.models import District
from volunteers.models import DateRequest, Volunteer

from .once import Once

WILLING = 12
"""Volunteers of the demo who may be asked."""


def load(once: Once, now: datetime.datetime) -> int:
    """Create the dates; returns how many."""
    new = [days for days in (1, 6) if once.is_new("date", str(days))]
    for days in new:
        day = timezone.localtime(now) + datetime.timedelta(days=days)
        DateRequest.objects.create(
            kind=DateRequest.Kind.COMPANY,
            asker=DateRequest.Asker.SHELTER,
            topic=DateRequest.Topic.OFFICE,
            language="ar",
            starts_at=day.replace(hour=10, minute=0, second=0, microsecond=0),
            minutes=60,
            district=District.objects.order_by("pk")[0],
            place="Eberhardstraße 39",
            name=f"Unterkunft {days}",
            email="unterkunft@example.org",
            status=DateRequest.Status.OPEN,
            confirmed_at=now,
            next_wave_at=now,
            is_demo=True,
        )
    if new:
        willing = Volunteer.objects.filter(is_demo=True).order_by("pk")[:WILLING]
        Volunteer.objects.filter(pk__in=willing.values("pk")).update(single_dates=True)
    return len(new)
