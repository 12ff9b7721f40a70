"""What sections are made of. Modules with sections import these from here."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..models import Application
from ..reads.persons import Person


class Section(NamedTuple):
    template: str
    context: dict[str, Any]


class OpenPoint(NamedTuple):
    """Something that waits for the person: one sentence and the one button that leads there."""

    text: str
    url: str
    label: str


OfApplication = Callable[[Application], Section | None]
OfPerson = Callable[[Person], Section | None]
OpenPointsOf = Callable[[Person], Iterable[OpenPoint]]
