"""Made-up requests and volunteers for the matching, without a database."""

import random
from typing import Any

from programs.models import DayPart, Language
from volunteers.matching.profiles import Helper, Seeker

LANGUAGES = Language.values
DISTRICTS = [f"{number:02d}" for number in range(1, 24)]


def _said(rng: random.Random, languages: int) -> dict[str, Any]:
    return {
        "languages": frozenset(rng.sample(LANGUAGES, languages)),
        "fields": frozenset(rng.sample(range(15), 3)),
        "weekdays": frozenset(rng.sample(range(7), 2)),
        "dayparts": frozenset(rng.sample(DayPart.values, 1)),
    }


def seekers(rng: random.Random, count: int) -> list[Seeker]:
    return [
        Seeker(
            pk=number,
            districts=frozenset({rng.choice(DISTRICTS)}),
            near=frozenset(rng.sample(DISTRICTS, 4)),
            wish=rng.choice(["", "", "", "woman", "man"]),
            waited=rng.randint(0, 200),
            needs_check=rng.random() < 0.2,
            protected_by=rng.choice([0, 0, 0, 7]),
            **_said(rng, 1),
        )
        for number in range(count)
    ]


def helpers(rng: random.Random, count: int) -> list[Helper]:
    """Half of them have no room at present."""
    return [
        Helper(
            pk=number,
            volunteer=number,
            districts=frozenset(rng.sample(DISTRICTS, 2)),
            gender=rng.choice(["woman", "man", ""]),
            has_check=rng.random() < 0.6,
            programme=rng.choice([0, 7, 7]),
            prepared=rng.random() < 0.8,
            room=rng.choice([0, 1]),
            **_said(rng, 2),
        )
        for number in range(count)
    ]
