"""The timeline of one application: steps, changes of organisation and messages, by time.

The person sees it without notes and names of staff; the organisation that answers sees everything.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import attrgetter

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from programs.models.translated import filled_in

from ..models import Application, Message, StatusChange
from ..models.statuses import Status


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the timeline; ``text`` is a message or a note, as somebody typed it."""

    at: datetime.datetime
    title: str
    text: str = ""
    who: str = ""
    status: str = ""
    is_message: bool = False
    is_own: bool = False
    """Written by the side that reads the timeline."""
    is_open: bool = False
    """A message of the person that nobody has answered."""
    is_current: bool = False


def for_person(application: Application) -> list[Happening]:
    """The timeline for the person: changes of status, and the messages of both sides."""
    prefetch_related_objects([application], "changes__organisation")
    steps = list(_steps(application.changes.all()))
    if steps:
        steps[-1] = replace(steps[-1], is_current=True)
    return _in_order(steps, [_from_message(message) for message in application.messages.all()])


def _steps(changes: Iterable[StatusChange]) -> Iterable[Happening]:
    """The steps that the person may see. Without a new status these are only changes of organisation."""
    before = ""
    for change in changes:
        if change.status == Status.UNCONFIRMED:
            continue
        if change.organisation is not None:
            name = change.organisation.said("title")
            yield Happening(
                at=change.at, title=filled_in(_("Jetzt zuständig: %(name)s"), name=name)
            )
        elif change.status != before:
            new = change.status == Status.NEW
            title = _("angekommen") if new else change.get_status_display()
            yield Happening(at=change.at, title=title, status=change.status)
        before = change.status


def _from_message(message: Message) -> Happening:
    own = message.sender == Message.Sender.APPLICANT
    title = _("Ihre Nachricht") if own else _("Nachricht der Koordination")
    return Happening(at=message.at, title=title, text=message.text, is_message=True, is_own=own)


def read_all(application: Application) -> None:
    """Read the changes and messages with their names, once for all that a page of staff asks of them."""
    changes = StatusChange.objects.select_related("organisation", "by")
    messages = Message.objects.select_related("by")
    prefetch_related_objects(
        [application], Prefetch("changes", changes), Prefetch("messages", messages)
    )


def for_staff(application: Application) -> list[Happening]:
    """The timeline for staff: everything, with names and notes; after :func:`read_all` it reads nothing."""
    read_all(application)
    messages = (_written(message, application) for message in application.messages.all())
    return _in_order(_noted(application.changes.all()), messages)


def _noted(changes: Iterable[StatusChange]) -> Iterable[Happening]:
    before = ""
    for change in changes:
        title = str(change.get_status_display() if change.status != before else _("Vermerk"))
        if change.organisation is not None:
            title = _("Jetzt zuständig: %(name)s") % {"name": change.organisation.title}
        who = str(change.by or change.get_actor_display())
        yield Happening(at=change.at, title=title, text=change.note, who=who, status=change.status)
        before = change.status


def _written(message: Message, application: Application) -> Happening:
    own = message.sender == Message.Sender.STAFF
    return Happening(
        at=message.at,
        title=_("Nachricht"),
        text=message.text,
        who=str(message.by or message.get_sender_display()) if own else application.name,
        is_message=True,
        is_own=own,
        is_open=message.is_open,
    )


def _in_order(*parts: Iterable[Happening]) -> list[Happening]:
    return sorted((one for part in parts for one in part), key=attrgetter("at"))
