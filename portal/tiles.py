"""Counts on the start page of the administration, each of which leads to the list that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from programs.counting import counts_of

MOST = 1_000
"""So far each number of the start page is counted; beyond it reads „mehr als 1.000“."""


@dataclass(frozen=True)
class Tile:
    label: str
    count: int
    url: str
    status: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Waiting:
    """What is going to be a tile: the records, not counted yet, or their number."""

    records: "QuerySet[Any] | int"
    label: Any
    """A text, or one by ``ngettext_lazy(…, "n")``."""
    url: str
    urgent: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    """For placeholders of the label."""


def tiles_of(waiting: Sequence[Waiting]) -> list[Tile]:
    """One tile each, counted in one query."""
    numbers = counts_of([one.records for one in waiting], most=MOST)
    return [
        Tile(str(one.label % {**one.words, "n": number}), number, one.url, urgent=one.urgent)
        for one, number in zip(waiting, numbers, strict=True)
    ]
