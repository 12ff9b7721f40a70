"""Entries that were published some time ago."""

import datetime
from typing import Any

from django.utils import timezone

from programs.models import Entry, Opportunity
from tests import factories


def make_fresh(
    title: str = "Sprachcafé am Samstag", *, hours: float = 2, **fields: Any
) -> Opportunity:
    """An open opportunity that was published so many hours ago."""
    entry = factories.make_entry(title, **fields)
    put_back(hours, pk=entry.pk)
    return entry


def put_back(hours: float, **which: Any) -> None:
    at = timezone.now() - datetime.timedelta(hours=hours)
    Entry.objects.filter(**which).update(published_at=at)
