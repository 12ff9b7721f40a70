"""Why somebody cannot start at an offer: every condition, met or missing, and where to enter it.

``START`` is the list. The steps among them are those that ``services.steps.require_ready`` asks for.
"""

import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from programs.addresses import admin_path
from programs.models import Entry

from ..models import Application
from ..models.statuses import TAKES_A_PLACE, Status
from .answering import answering_organisation
from .joining import fits
from .preparation import progress_of


class Line(NamedTuple):
    """One condition. ``text`` says what is missing; it is empty when the condition is met."""

    title: str
    text: str = ""
    path: str = ""
    """Where to enter what is missing, if it can be entered."""

    @property
    def is_met(self) -> bool:
        return not self.text


def _signed_up(application: Application, entry: Entry) -> Iterator[Line]:
    title = _("Die Person hat sich für dieses Angebot angemeldet und die Mail bestätigt")
    if application.entry_id != entry.pk:
        text = _("Die Person ist für dieses Angebot nicht angemeldet. Das Formular steht dort.")
        yield Line(title, text, entry.get_absolute_url())
    elif application.volunteer_id is None:
        yield Line(title, _("Die Person hat den Link in der Mail noch nicht angeklickt."))
    else:
        yield Line(title)


def _takes_people(application: Application, entry: Entry) -> Iterator[Line]:
    text = _("Das Angebot ist nicht veröffentlicht, pausiert, beendet oder nimmt niemanden an.")
    missing = ("", "") if entry.is_open else (text, admin_path(entry))
    yield Line(_("Das Angebot nimmt Menschen an"), *missing)


def _has_a_place(application: Application, entry: Entry) -> Iterator[Line]:
    has_own = application.entry_id == entry.pk and application.status in TAKES_A_PLACE
    is_full = not has_own and not fits(entry, application.people)
    text = _("Alle Plätze sind belegt. Die Zahl der Plätze steht beim Angebot.")
    if application.is_group:
        text = _("Für so viele ist kein Platz mehr frei. Die Zahl der Plätze steht beim Angebot.")
    yield Line(_("Es ist ein Platz frei"), *((text, admin_path(entry)) if is_full else ()))


def _steps(application: Application, entry: Entry) -> Iterator[Line]:
    """The steps of the programme, as if the application were for ``entry``."""
    asked = copy.copy(application)
    asked.entry = entry
    if answering_organisation(entry, by_link=True).pk != application.organisation_id:
        asked.volunteer_id = None  # what another organisation has inspected is not told here
    path = admin_path(application) if application.entry_id == entry.pk else ""
    for item in progress_of(asked).items:
        if item.is_required:
            missing = (_("Es fehlt: %(names)s.") % {"names": item.lack}, path)
            yield Line(item.title, *(missing if item.is_open else ()))


def _may_start(application: Application, entry: Entry) -> Iterator[Line]:
    title = _("Der Status lässt den Beginn zu")
    status = Status(application.status)
    if status == Status.PLACED or application.may_become(Status.PLACED):
        yield Line(title)
        return
    text = _("Der Status ist „%(status)s“. Beginnen kann, wer „%(ready)s“ ist.")
    names = {"status": status.label, "ready": Status.READY.label}
    yield Line(title, text % names, "" if application.is_closed else admin_path(application))


START: tuple[Callable[[Application, Entry], Iterator[Line]], ...] = (
    _signed_up,
    _takes_people,
    _has_a_place,
    _steps,
    _may_start,
)


def start_lines(application: Application, entry: Entry) -> list[Line]:
    """All conditions for a start at ``entry``, in a fixed number of queries."""
    return [line for condition in START for line in condition(application, entry)]
