"""The preparation for the person: on the status page and on „Meine Seite“."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Event, ProgrammeStep, ProtectionConcept
from programs.models.translated import filled_in

from ..links import applications as application_links
from ..links import signing
from ..models import Application
from ..models.statuses import CLOSED, Status
from ..papers import letters
from ..reads.persons import Person
from ..reads.preparation import Item, Progress, progress_of, progress_of_all
from ..reads.trainings import next_trainings
from .parts import OpenPoint, Section

ON_THE_WAY = (Status.NEW, Status.IN_CONTACT, Status.IN_TRAINING)
"""While a step can be taken; nobody has to do anything on the waiting list or during a break."""


class Preparation(NamedTuple):
    """An application with its steps; ``token`` opens its pages."""

    application: Application
    progress: Progress
    token: str
    has_letter: bool
    training: Event | None = None
    """The next one of the programme, while the step is open."""
    protection: ProtectionConcept | None = None

    @property
    def to_do(self) -> OpenPoint | None:
        """The first step that waits for the person and not for the staff."""
        if self.application.status not in ON_THE_WAY:
            return None
        return next(filter(None, map(self._asks, self.progress.missing)), None)

    def _asks(self, item: Item) -> OpenPoint | None:
        if item != self.progress.training or self.training is None:
            return self.commitment(item)
        day = date_format(timezone.localtime(self.training.starts_at), _("l, j. F"))
        text = _("Der nächste Termin für „%(step)s“ ist am %(day)s.")
        url = self.training.get_absolute_url()
        return OpenPoint(filled_in(text, step=item.title, day=day), url, _("Zum Termin"))

    def commitment(self, item: Item) -> OpenPoint | None:
        if item.kind != ProgrammeStep.Kind.COMMITMENT or item.step is None:
            return None
        text = filled_in(_("Bitte lesen Sie „%(step)s“ und stimmen Sie zu."), step=item.title)
        url = signing.path_of("commitment", self.token, str(item.step.pk))
        return OpenPoint(text, url, _("Lesen und zustimmen"))


def of_application(application: Application) -> Section | None:
    """The steps of an open application; for a closed one only the completed steps."""
    progress = progress_of(application)
    protection = None if application.is_closed else progress.protection
    if not progress.asked and protection is None:
        return None
    trainings = _trainings([progress])
    shown = {"preparation": _preparation(application, progress, trainings, protection)}
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
        yield from filter(None, map(preparation.commitment, preparation.progress.missing))


def _of_person(person: Person) -> Iterator[Preparation]:
    applications = list(
        Application.objects.filter(person.owns())
        .exclude(status__in=(*CLOSED, Status.UNCONFIRMED))
        .select_related("entry", "organisation")
        .order_by("submitted_at", "pk")
    )
    progress = progress_of_all(applications)
    trainings = _trainings(progress.values())
    return (
        _preparation(one, progress[one.pk], trainings, progress[one.pk].protection)
        for one in applications
        if progress[one.pk].asked or progress[one.pk].protection
    )


def _trainings(all_progress: Iterable[Progress]) -> dict[int, Event]:
    open_steps = [one.training.step for one in all_progress if one.training]
    programmes = [step.programme_id for step in open_steps if step is not None]
    return next_trainings(programmes) if programmes else {}


def _preparation(
    application: Application,
    progress: Progress,
    trainings: dict[int, Event],
    protection: ProtectionConcept | None,
) -> Preparation:
    step = progress.training.step if progress.training else None
    return Preparation(
        application,
        progress,
        application_links.status_token(application),
        letters.is_offered_to_person(application, progress),
        trainings.get(step.programme_id) if step else None,
        protection,
    )
