"""Invented records of preparation, for applications to programmes that have preparation steps."""

import datetime

from django.conf import settings
from django.utils import timezone

from portal.reference.files import Record
from programs.models import ProgrammeStep
from volunteers.models import Application, ConductCheck, StepRecord, User
from volunteers.models.statuses import Status
from volunteers.periods import add_years
from volunteers.reads.preparation import Item, progress_of

from .accounts import member_of
from .files import read
from .once import Once

DAYS_BETWEEN = 3
"""Days from one step to the next."""
TAKEN: dict[str, int] = {
    Status.IN_CONTACT: 1,
    Status.IN_TRAINING: 2,
    Status.READY: 99,
    Status.PLACED: 99,
    Status.COMPLETED: 99,
}
"""Status of the application → how many steps the person has taken; 99 stands for all."""
HOW = {
    ProgrammeStep.Kind.INTERVIEW: (StepRecord.How.TALK, "Ein gutes Gespräch, viele Ideen."),
    ProgrammeStep.Kind.TRAINING: (StepRecord.How.EVENT, ""),
    ProgrammeStep.Kind.COMMITMENT: (StepRecord.How.PORTAL, ""),
    ProgrammeStep.Kind.OTHER: (StepRecord.How.TALK, ""),
}


def load(once: Once) -> int:
    """Create the records; returns for how many applications. Needs the applications of ``people``."""
    new = [
        record
        for record in read("applications.json")
        if record["entry"] and once.is_new("preparation", f"{record['person']}@{record['entry']}")
    ]
    return sum(_prepare(record) for record in new)


def _prepare(record: Record) -> bool:
    found = Application.objects.filter(
        entry__slug=record["entry"], email=record["person"], is_demo=True
    )
    application = found.first()
    if application is None or not (progress := progress_of(application)):
        return False
    by = member_of(application.organisation)
    steps = [item for item in progress.items if not item.is_certificate]
    for number, item in enumerate(steps[: TAKEN.get(application.status, 0)], start=1):
        _take(application, item, number, by)
    if "certificate_due_in_days" in record and by is not None:
        _inspect(application, record["certificate_due_in_days"], by)
    return True


def _take(application: Application, item: Item, number: int, by: User | None) -> None:
    assert item.step is not None and application.confirmed_at is not None  # noqa: S101, PT018
    began = timezone.localdate(application.confirmed_at)
    on = min(began + datetime.timedelta(days=number * DAYS_BETWEEN), timezone.localdate())
    how, note = HOW[ProgrammeStep.Kind(item.kind)]
    agreed = item.kind == ProgrammeStep.Kind.COMMITMENT
    StepRecord.objects.create(
        application=application,
        step=item.step,
        on=on,
        how=how,
        by=None if agreed else by,
        note=note,
        text_version=item.step.text_version if agreed else None,
        text=item.step.text if agreed else "",
    )


def _inspect(application: Application, due_in_days: int, by: User) -> None:
    assert application.volunteer is not None  # noqa: S101 - every confirmed application has one
    due_on = timezone.localdate() + datetime.timedelta(days=due_in_days)
    issued_on = add_years(due_on, -settings.CONDUCT_CHECK_YEARS)
    seen = {
        "seen_on": issued_on + datetime.timedelta(days=10),
        "issued_on": issued_on,
        "seen_by": by,
        "is_clear": True,
    }
    ConductCheck.objects.get_or_create(  # a data folder of an older demo may have one
        volunteer=application.volunteer, organisation=application.organisation, defaults=seen
    )
