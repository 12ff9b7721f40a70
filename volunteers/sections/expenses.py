"""Expenses on a person's own pages: what is left, and the way to the form."""

from ..links import applications as application_links
from ..models import Application
from ..models.expenses import euro
from ..models.statuses import Status
from ..reads.engaged import engaged
from ..reads.expenses import left, refunding
from ..reads.persons import Person
from .parts import Section

TEMPLATE = "volunteers/sections/expenses.html"


def of_application(application: Application) -> Section | None:
    """Only where the programme refunds something, or has done so."""
    return _section([application])


def of_person(person: Person) -> Section | None:
    own = Application.objects.filter(person.owns()).exclude(status=Status.UNCONFIRMED)
    return _section(list(engaged(own).select_related("entry")))


def _section(applications: list[Application]) -> Section | None:
    rows = [row for one in applications if (row := _row(one)) is not None]
    return Section(TEMPLATE, {"rows": rows}) if rows else None


def _row(application: Application) -> dict[str, object] | None:
    programme = refunding(application)
    if programme is None:
        return None
    return {
        "application": application,
        "token": application_links.status_token(application),
        "left": euro(left(application, programme)),
    }
