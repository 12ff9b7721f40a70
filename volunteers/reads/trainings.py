"""The trainings of a programme that are still to come."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from programs.models import Event

TRAINING_EVENTS = (Event.Kind.TRAINING, Event.Kind.INTRODUCTION)
"""Whoever attends one has done a training step of the programme (``services/steps.py``)."""


def next_trainings(programmes: Iterable[int]) -> dict[int, Event]:
    """Primary key of the programme → its next training or introduction, in one query.

    Events of an offer of the programme count, too.
    """
    programme_key = Coalesce("part_of__opportunity_entry__part_of_id", "part_of_id")
    events = Event.objects.ahead().listed().filter(kind__in=TRAINING_EVENTS)
    found = events.annotate(programme_key=programme_key).filter(programme_key__in=set(programmes))
    soonest: QuerySet[Any] = found.order_by("starts_at", "pk")
    nearest: dict[int, Event] = {}
    for event in soonest:
        nearest.setdefault(event.programme_key, event)
    return nearest
