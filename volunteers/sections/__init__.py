"""Sections of the pages on which people see their own data: status pages and „Meine Seite“.

A section is a template with its context. Sections of an application are on its status page,
sections of a person on „Meine Seite“, which opens by login or by signed link. Questions that wait
for an answer come first there: code that asks people a question adds it to ``OPEN_POINTS``.
"""

from ..models import Application
from ..reads.persons import Person
from . import (
    applications,
    consents,
    counselling,
    dates,
    expenses,
    preparation,
    reflections,
    registrations,
    tandems,
    thanks,
)
from .parts import OfApplication, OfPerson, OpenPoint, OpenPointsOf, Section

__all__ = ["OpenPoint", "Person", "Section", "of_application", "of_person", "open_points"]


OF_APPLICATION: tuple[OfApplication, ...] = (
    tandems.of_application,
    preparation.of_application,
    reflections.of_application,
    thanks.hours_section,
    expenses.of_application,
    thanks.certificates_section,
)
OF_PERSON: tuple[OfPerson, ...] = (
    applications.of_person,
    preparation.of_person,
    tandems.of_person,
    dates.of_person,
    registrations.events,
    counselling.of_person,
    thanks.person_hours_section,
    expenses.of_person,
    thanks.person_certificates_section,
    consents.of_person,
)
"""In the order of the page; consents are always last."""
OPEN_POINTS: tuple[OpenPointsOf, ...] = (
    registrations.offers,
    dates.open_points,
    tandems.open_points,
    applications.unanswered_messages,
    counselling.unanswered_messages,
    applications.questions,
    preparation.open_points,
)
"""The most urgent first."""


def of_application(application: Application) -> list[Section]:
    """Sections of a status page, in order; without those that have no content."""
    return [section for make in OF_APPLICATION if (section := make(application)) is not None]


def to_do(sections: list[Section]) -> OpenPoint | None:
    """The one thing that somebody can do now, from the sections of a status page."""
    found = (one.context["preparation"] for one in sections if "preparation" in one.context)
    return next((one.to_do for one in found), None)


def of_person(person: Person) -> list[Section]:
    """Sections of „Meine Seite“."""
    return [section for make in OF_PERSON if (section := make(person)) is not None]


def open_points(person: Person) -> list[OpenPoint]:
    """The questions at the top of „Meine Seite“."""
    return [point for find in OPEN_POINTS for point in find(person)]
