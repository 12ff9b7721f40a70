"""What people see about themselves: the parts of a status page and of «Meine Seite».

A section is a template with its context. Those of an application stand on its status page, those of
a person on «Meine Seite», which opens by login or by signed link. What waits for an answer of the
person comes first there: everybody who asks people something adds it to ``OPEN_POINTS``.
"""

from ..models import Application
from ..reads.persons import Person
from . import applications, consents, preparation, registrations, tandems, thanks
from .parts import OfApplication, OfPerson, OpenPoint, OpenPointsOf, Section

__all__ = ["OpenPoint", "Person", "Section", "of_application", "of_person", "open_points"]


OF_APPLICATION: tuple[OfApplication, ...] = (
    tandems.of_application,
    preparation.of_application,
    thanks.hours_section,
    thanks.certificates_section,
)
OF_PERSON: tuple[OfPerson, ...] = (
    applications.of_person,
    preparation.of_person,
    tandems.of_person,
    registrations.events,
    thanks.person_hours_section,
    thanks.person_certificates_section,
    consents.of_person,
)
"""In the order of the page; consents stay the last."""
OPEN_POINTS: tuple[OpenPointsOf, ...] = (
    registrations.offers,
    tandems.open_points,
    applications.unanswered_messages,
    applications.questions,
    preparation.open_points,
)
"""The most urgent first."""


def of_application(application: Application) -> list[Section]:
    """Sections of a status page, in order; those that have nothing to say are left out."""
    return [section for make in OF_APPLICATION if (section := make(application)) is not None]


def of_person(person: Person) -> list[Section]:
    """Sections of «Meine Seite»."""
    return [section for make in OF_PERSON if (section := make(person)) is not None]


def open_points(person: Person) -> list[OpenPoint]:
    """What «Meine Seite» shows first."""
    return [point for find in OPEN_POINTS for point in find(person)]
