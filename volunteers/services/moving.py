"""Locking one application and writing its next step; the caller has opened the transaction.

Whether a step is allowed is for the caller to check, after the lock.
"""

import datetime

from django.utils import timezone

from programs.models import Entry, Organisation

from ..models import Application, StatusChange, User
from ..models.applications import Status


def lock(application: Application) -> Application:
    """The application as it is now, locked after its entry."""
    entry = None
    if application.entry_id is not None:
        entry = Entry.objects.select_for_update().get(pk=application.entry_id)
    locked = Application.objects.select_for_update().get(pk=application.pk)
    locked.entry = entry
    return locked


def move(
    application: Application,
    status: Status,
    actor: StatusChange.Actor,
    *,
    by: User | None = None,
    note: str = "",
    organisation: Organisation | None = None,
) -> None:
    """Store the new status with its row of history; a new one gets its answer-by date.

    ``organisation`` is given where another one answers from now on.
    """
    application.status = status
    if organisation is not None:
        application.organisation = organisation
    if status == Status.NEW:
        days = application.organisation.answer_days
        application.answer_by = timezone.localdate() + datetime.timedelta(days=days)
    application.save()
    record(application, actor, by=by, note=note, organisation=organisation)


def record(
    application: Application,
    actor: StatusChange.Actor,
    *,
    by: User | None = None,
    note: str = "",
    organisation: Organisation | None = None,
) -> None:
    """A row of history at the application's present status."""
    StatusChange.objects.create(
        application=application,
        status=application.status,
        actor=actor,
        by=by,
        note=note,
        organisation=organisation,
    )
