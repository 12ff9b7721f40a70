"""The chain of published figures: each row carries a hash over itself and the row before it.

Whoever changes, adds or removes a row breaks the chain at that place, and the last hash (the head), which every
printed report names, no longer fits. Each row is hashed with random bytes of its own, so that the head, which leaves
the house, tells nothing about an exact value.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from .models import Figure

BEGIN = "0" * 64
HASHED = (
    "number",
    "measure",
    "period",
    "stand",
    "split",
    "row",
    "label",
    "value",
    "people",
    "shown",
    "low",
    "high",
    "source",
    "revision",
    "reason",
    "recorded_at",
    "salt",
)
"""All columns that say something. They are in the hash in this order."""


class Head(NamedTuple):
    """The last row of the chain."""

    number: int
    digest: str

    @property
    def short(self) -> str:
        return self.digest[:16]


class Broken(NamedTuple):
    """A row that is not as it was published, or that is missing."""

    number: int
    what: str
    is_missing: bool


def digest(before: str, figure: Figure) -> str:
    """The hash of the row; ``before`` is that of the row before it."""
    values = [before, *(_text(getattr(figure, name)) for name in HASHED)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def head() -> Head:
    last = Figure.objects.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else Head(0, BEGIN)


def check() -> Iterator[Broken]:
    """Every row that does not fit into the chain, and every number that is missing."""
    expected, before = 1, BEGIN
    for figure in Figure.objects.order_by("number").iterator():
        yield from (Broken(number, "", True) for number in range(expected, figure.number))
        if figure.number == expected and digest(before, figure) != figure.digest:
            yield Broken(figure.number, str(figure), False)
        expected, before = figure.number + 1, figure.digest


def knows(printed: str) -> bool:
    """Whether the head that a report names is in the chain. A report names its first letters."""
    return Figure.objects.filter(digest__startswith=printed.lower()).exists()
