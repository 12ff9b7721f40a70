"""The types that sections consist of; modules with sections import them from here."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..models import Application
from ..reads.persons import Person


class Section(NamedTuple):
    template: str
    context: dict[str, Any]


class OpenPoint(NamedTuple):
    """A question that waits for the person: one sentence and a button that leads to it."""

    text: str
    url: str
    label: str


OfApplication = Callable[[Application], Section | None]
OfPerson = Callable[[Person], Section | None]
OpenPointsOf = Callable[[Person], Iterable[OpenPoint]]
