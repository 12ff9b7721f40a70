"""Somebody of whom nothing was heard for long, asked whether the data may stay, and a first report."""

import datetime

from volunteers.models import Application, Consent, StatusChange, Volunteer
from volunteers.models.statuses import Status
from volunteers.privacy import retention
from volunteers.reads.answering import answering_organisation

from .once import Once

NAME, EMAIL = "Gerda Beispiel", "gerda.beispiel@example.org"
SILENT_FOR = datetime.timedelta(days=30 * 31)
PATH = (Status.UNCONFIRMED, Status.NEW, Status.IN_CONTACT, Status.PAUSED)
"""Each a week after the other."""


def load(once: Once, now: datetime.datetime) -> int:
    """The person, then one run of retention; how many people."""
    made = once.is_new("person", EMAIL)
    if made:
        _make_silent(now - SILENT_FOR)
    if once.is_new("retention", "first run"):
        retention.run()
    return int(made)


def _make_silent(begun: datetime.datetime) -> None:
    volunteer = Volunteer.objects.create(name=NAME, email=EMAIL, is_demo=True)
    application = Application.objects.create(
        name=NAME,
        email=EMAIL,
        organisation=answering_organisation(None),
        volunteer=volunteer,
        status=PATH[-1],
        submitted_at=begun,
        confirmed_at=begun,
        is_demo=True,
    )
    Consent.objects.give(application, given_at=begun)
    for number, status in enumerate(PATH):
        at = begun + datetime.timedelta(weeks=number)
        application.changes.create(status=status, at=at, actor=StatusChange.Actor.APPLICANT)
    Volunteer.objects.filter(pk=volunteer.pk).update(created_at=begun, updated_at=begun)
