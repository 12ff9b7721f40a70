"""What people see about themselves: the parts of a status page and of «Meine Seite».

A section is a template with its context. Those of an application stand on its status page, those of
a person on «Meine Seite», which opens by login or by signed link. What waits for an answer of the
person comes first there: everybody who asks people something adds it to ``OPEN_POINTS``.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .models import Application


class Section(NamedTuple):
    template: str
    context: dict[str, Any]


class Person(NamedTuple):
    """Somebody by the addresses that are proven to be theirs; ``token`` opens their page again."""

    emails: tuple[str, ...]
    token: str


class OpenPoint(NamedTuple):
    """Something that waits for the person: one sentence and the one button that leads there."""

    text: str
    url: str
    label: str


OfApplication = Callable[[Application], Section | None]
OfPerson = Callable[[Person], Section | None]
OpenPointsOf = Callable[[Person], Iterable[OpenPoint]]

OF_APPLICATION: tuple[OfApplication, ...] = ()
OF_PERSON: tuple[OfPerson, ...] = ()
OPEN_POINTS: tuple[OpenPointsOf, ...] = ()


def of_application(application: Application) -> list[Section]:
    """Sections of a status page, in order; those that have nothing to say are left out."""
    return [section for make in OF_APPLICATION if (section := make(application)) is not None]


def of_person(person: Person) -> list[Section]:
    """Sections of «Meine Seite»."""
    return [section for make in OF_PERSON if (section := make(person)) is not None]


def open_points(person: Person) -> list[OpenPoint]:
    """What «Meine Seite» shows first."""
    return [point for find in OPEN_POINTS for point in find(person)]
