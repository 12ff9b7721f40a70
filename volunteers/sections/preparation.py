"""The preparation for the person: on the status page and on „Meine Seite“."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from programs.models import ProgrammeStep

from ..links import applications as application_links
from ..links import signing
from ..models import Application
from ..models.statuses import CLOSED, Status
from ..papers import letters
from ..reads.persons import Person
from ..reads.preparation import Progress, progress_of, progress_of_all
from .parts import OpenPoint, Section


class Preparation(NamedTuple):
    """An application with its steps; ``token`` opens its pages."""

    application: Application
    progress: Progress
    token: str
    has_letter: bool


def of_application(application: Application) -> Section | None:
    """The steps of an open application; for a closed one only the completed steps."""
    progress = progress_of(application)
    if not progress.asked:
        return None
    shown = {"preparation": _preparation(application, progress)}
    return Section("volunteers/sections/preparation.html", shown)


def of_person(person: Person) -> Section | None:
    """The open steps of the person, application by application."""
    preparations = list(_of_person(person))
    if not preparations:
        return None
    return Section("volunteers/sections/preparations.html", {"preparations": preparations})


def open_points(person: Person) -> Iterator[OpenPoint]:
    """Commitments that the person can read and accept now."""
    for preparation in _of_person(person):
        for item in preparation.progress.missing:
            if item.kind == ProgrammeStep.Kind.COMMITMENT and item.step is not None:
                text = _("Bitte lesen Sie „%(step)s“ und stimmen Sie zu.") % {"step": item.title}
                url = signing.path_of("commitment", preparation.token, str(item.step.pk))
                yield OpenPoint(text, url, _("Lesen und zustimmen"))


def _of_person(person: Person) -> Iterator[Preparation]:
    applications = list(
        Application.objects.filter(person.owns())
        .exclude(status__in=(*CLOSED, Status.UNCONFIRMED))
        .select_related("entry", "organisation")
        .order_by("submitted_at", "pk")
    )
    progress = progress_of_all(applications)
    return (_preparation(one, progress[one.pk]) for one in applications if progress[one.pk].asked)


def _preparation(application: Application, progress: Progress) -> Preparation:
    return Preparation(
        application,
        progress,
        application_links.status_token(application),
        letters.is_offered_to_person(application, progress),
    )
