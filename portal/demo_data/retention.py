"""An inactive volunteer who is asked whether the portal may keep the data, and a first run of retention."""

import datetime

from volunteers.models import Application, Consent, StatusChange, Volunteer
from volunteers.models.statuses import Status
from volunteers.privacy import retention
from volunteers.reads.answering import answering_organisation

from .once import Once

NAME, EMAIL = "Gerda Beispiel", "gerda.beispiel@example.org"
SILENT_FOR = datetime.timedelta(days=30 * 31)
PATH = (Status.UNCONFIRMED, Status.NEW, Status.IN_CONTACT, Status.PAUSED)
"""The statuses of the application, each one week after the one before."""


def load(once: Once, now: datetime.datetime) -> int:
    """Create the person, then run retention once; returns how many people."""
    made = once.is_new("person", EMAIL)
    if made:
        _make_silent(now - SILENT_FOR)
    if once.is_new("retention", "first run"):
        retention.run()
    return int(made)


def _make_silent(started: datetime.datetime) -> None:
    volunteer = Volunteer.objects.create(name=NAME, email=EMAIL, is_demo=True)
    application = Application.objects.create(
        name=NAME,
        email=EMAIL,
        organisation=answering_organisation(None),
        volunteer=volunteer,
        status=PATH[-1],
        submitted_at=started,
        confirmed_at=started,
        is_demo=True,
    )
    Consent.objects.give(application, given_at=started)
    for number, status in enumerate(PATH):
        at = started + datetime.timedelta(weeks=number)
        application.changes.create(status=status, at=at, actor=StatusChange.Actor.APPLICANT)
    Volunteer.objects.filter(pk=volunteer.pk).update(created_at=started, updated_at=started)
