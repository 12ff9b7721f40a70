"""A reminder to the clearing office: nobody has decided about a proposed organisation by the promised day."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from programs.models import Organisation

from ..models import OrganisationProposal, Reminder
from ..notifications import organisation_proposals as notifications
from .kinds import Due, Kind

LATE = "organisation_proposal.late"
"""``purpose`` of the row for each proposal that such a mail has named."""
COLLECTED = "office.proposals_late"
"""``purpose`` of the row for each mail: one for each office and day."""


def late(day: datetime.date) -> QuerySet[OrganisationProposal]:
    """Open ones whose day was before ``day``, which no mail has named yet."""
    named = Reminder.objects.filter(
        purpose=LATE, subject=OuterRef("pk"), due_on=OuterRef("answer_by")
    )
    return OrganisationProposal.objects.open().filter(~Exists(named), answer_by__lt=day)


def find(day: datetime.date) -> Iterable[Due]:
    """The clearing office, if there is something to tell and somebody to mail."""
    if not late(day).exists():
        return []
    offices = Organisation.objects.clearing().with_staff().order_by("pk")[:1]
    dues = [(pk, day) for pk in offices.values_list("pk", flat=True)]
    return Reminder.objects.not_taken(COLLECTED, dues)


def send(office_id: int, day: datetime.date) -> None:
    """One mail to each member about all of them; each proposal is named once."""
    dues = [(one, one.answer_by) for one in late(day).order_by("answer_by", "pk")]
    new = [one for one, due in dues if due and Reminder.objects.take(LATE, one.pk, due)]
    if new:
        notifications.still_to_check(new)


KINDS = (Kind(COLLECTED, find, send),)
