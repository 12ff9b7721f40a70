"""The rules that staff may switch: the points, with reasons, and the hard conditions beyond those in code.

The Portalverwaltung switches them (``models.MatchingRules``); until then ``STANDARD`` holds. What protects
people or is law (``CONDITIONS``) is no rule that can be switched off.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models import MatchingRules

Value = int | bool


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The points for each criterion, and why."""

    language: int = 40
    """Without a common language there is no conversation; the newcomer's own one helps most at first."""
    german_only: int = 24
    """German alone allows a conversation, too, and many want to practise it."""
    same_district: int = 20
    """Short ways keep a tandem going; most pairs meet near home."""
    next_district: int = 12
    """A neighbouring district is a few stops away."""
    field: int = 6
    """For each thing that one needs and the other likes to do; after three it is a good match anyway."""
    slot: int = 4
    """For each common time of the week; times can be agreed on, so they count little."""
    waiting: int = 1
    """For each full week that somebody has waited: twelve weeks weigh as much as a neighbouring district."""
    waiting_weeks: int = 12
    """Longer waiting counts no more, so that a pair that does not fit is not made by waiting."""
    needs_language: bool = False
    """Whether a common language is a hard condition."""
    needs_near: bool = False
    """Whether the same or a neighbouring district is a hard condition."""

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Rules":
        """Kept values; what a later release has added is as in ``STANDARD``."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def as_dict(self) -> dict[str, Value]:
        return dataclasses.asdict(self)


FIELDS_AT_MOST, SLOTS_AT_MOST = 3, 4
STANDARD = Rules()


def current() -> Rules:
    """The rules that hold now; one query."""
    kept = MatchingRules.objects.order_by("-since", "-pk").values_list("rules", flat=True).first()
    return Rules.read(kept) if kept else STANDARD
