"""Somebody of whom nothing was heard for long, asked whether the data may stay, and a first report."""

import datetime

from volunteers.models import Application, StatusChange, Volunteer
from volunteers.models.applications import Status
from volunteers.privacy import retention
from volunteers.services.applications import answering_organisation

from .once import Once

NAME, EMAIL = "Gerda Beispiel", "gerda.beispiel@example.org"
SILENT_FOR = datetime.timedelta(days=30 * 31)
PATH = (Status.UNCONFIRMED, Status.NEW, Status.IN_CONTACT, Status.READY, Status.PLACED)
"""Each a week after the other, and completed after half a year."""


def load(once: Once, now: datetime.datetime) -> int:
    """The person, then one run of retention; how many people."""
    if not once.is_new("silence", EMAIL):
        return 0
    _make_silent(now - SILENT_FOR)
    retention.run()
    return 1


def _make_silent(ended: datetime.datetime) -> None:
    begun = ended - datetime.timedelta(days=180)
    volunteer = Volunteer.objects.create(name=NAME, email=EMAIL, is_demo=True)
    application = Application.objects.create(
        name=NAME,
        email=EMAIL,
        organisation=answering_organisation(None),
        volunteer=volunteer,
        status=Status.COMPLETED,
        submitted_at=begun,
        confirmed_at=begun,
        is_demo=True,
    )
    weeks = [begun + datetime.timedelta(weeks=number) for number in range(len(PATH))]
    for status, at in (*zip(PATH, weeks, strict=True), (Status.COMPLETED, ended)):
        StatusChange.objects.create(
            application=application, status=status, at=at, actor=StatusChange.Actor.SYSTEM
        )
    Volunteer.objects.filter(pk=volunteer.pk).update(created_at=begun, updated_at=ended)
