"""What hangs on records that somebody wants to delete, counted before Django loads all of it."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models.deletion import get_candidate_relations_to_delete

from programs.counting import Counted, counts_of, together

MOST = 1000
"""Rows that go with a record at once. The page that asks loads each of them, and what its name is made of."""


def in_the_way(model: type[models.Model], keys: Collection[Any]) -> Counted:
    """How many rows keep the records of ``model`` with these ``keys`` from being deleted; one query.

    Those that are protected; without any, those that would go with the records if they are more than ``MOST``.
    """
    protected, going = (_counted(model, keys, way) for way in (models.PROTECT, models.CASCADE))
    counts = counts_of([*protected, *going], MOST)
    held, gone = together(counts[: len(protected)]), together(counts[len(protected) :])
    if held:
        return held
    return gone if gone > MOST or gone.words else Counted(0)


def _counted(
    model: type[models.Model], keys: Collection[Any], way: Any
) -> list[models.QuerySet[Any]]:
    """The rows that refer to the records and go this ``way`` when those are deleted."""
    relations: Any = get_candidate_relations_to_delete(model._meta)
    return [
        one.related_model._base_manager.filter(**{f"{one.field.name}__in": keys})
        for one in relations
        if one.on_delete is way
    ]
