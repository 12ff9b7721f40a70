"""The only place where an application changes its status.

The caller has opened the transaction and locked the application (``services/locks.py``).
"""

from programs.models import Entry, Organisation

from ..errors import TransitionNotAllowed
from ..models import Application, StatusChange, User
from ..models.statuses import CLOSED, TAKES_A_PLACE, Status
from ..notifications import applications as notifications
from ..notifications import link_answers
from ..reads.joining import free_places
from ..reads.promising import promised
from .checks import forget_if_unneeded
from .locks import locked


def move(
    application: Application,
    status: Status,
    actor: StatusChange.Actor,
    *,
    by: User | None = None,
    note: str = "",
    organisation: Organisation | None = None,
) -> None:
    """Store the new status and a row of history; status „new“ also sets the answer-by date, and goes by mail to
    an organisation that answers by link.

    Give ``organisation`` when another organisation answers from now on.
    """
    application.status = status
    if organisation is not None:
        application.organisation = organisation
    if status == Status.NEW:
        application.answer_by = promised(application.organisation).answer_by
    application.save()
    record(application, actor, by=by, note=note, organisation=organisation)
    link_answers.arrived(application)


def record(
    application: Application,
    actor: StatusChange.Actor,
    *,
    by: User | None = None,
    note: str = "",
    organisation: Organisation | None = None,
) -> None:
    """Add a row of history without changing the status."""
    StatusChange.objects.create(
        application=application,
        status=application.status,
        actor=actor,
        by=by,
        note=note,
        organisation=organisation,
    )


def step(
    application: Application,
    status: Status,
    actor: StatusChange.Actor,
    *,
    by: User | None = None,
    note: str = "",
) -> None:
    """Change the status of a locked application; places given up go to those who wait.

    Other services use this, too; it sends no mail to the person. At an end it deletes the inspected
    certificate unless something else needs it. Raises ``TransitionNotAllowed``. Whether the
    preparation is complete, ``require_ready`` checks.
    """
    if not application.may_become(status):
        raise TransitionNotAllowed
    had_place = application.status in TAKES_A_PLACE
    move(application, status, actor, by=by, note=note)
    if status in CLOSED:
        forget_if_unneeded(application)
    if had_place and status in CLOSED and application.entry is not None:
        fill_free_place(application.entry)


def fill_free_place(entry: Entry) -> None:
    """Give the free places to those who wait, the longest first; the caller has locked ``entry``.

    A group moves up as a whole. One that is too many for what is free goes on waiting and lets those
    behind it pass, so that no place stays empty.
    """
    if not entry.is_open:
        return
    waiting = Application.objects.filter(entry=entry, status=Status.WAITING)
    while (free := free_places(entry)) != 0:
        fitting = waiting if free is None else waiting.of_at_most(free)
        application = locked(fitting).order_by("confirmed_at", "pk").first()
        if application is None:
            return
        move(application, Status.NEW, StatusChange.Actor.SYSTEM)
        notifications.moved_up(application)
