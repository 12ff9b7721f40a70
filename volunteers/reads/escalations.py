"""What an office sees of applications that its organisations do not answer.

The person applied to the organisation, not to the office. So no name, contact or message is even
loaded here. Only when the office takes the application over (``services.answering``) it may see the
person.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Organisation
from programs.requests import AnyUser

from ..models import Application, Reminder

LOADED = (
    "entry",
    "organisation",
    "status",
    "answer_by",
    "confirmed_at",
    "contact_answer",
    "contact_answered_at",
)


@dataclass(frozen=True)
class Waiting:
    """One application that waits too long, without the person."""

    pk: int
    wish: str
    organisation: Organisation
    since: datetime.datetime | None
    reasons: list[str]
    reminded_at: datetime.datetime | None

    @property
    def may_remind(self) -> bool:
        return self.reminded_at is None or self.reminded_at < timezone.now() - NUDGE_AGAIN_AFTER


def waiting_for(user: AnyUser) -> QuerySet[Application]:
    """Applications for which an office of ``user`` has to step in; reads no column about the person."""
    found = Application.objects.escalated_to(user)
    return found.select_related("entry", "organisation").only(
        *LOADED, "entry__title", "organisation__title", "organisation__department"
    )


def rows(applications: Iterable[Application]) -> list[Waiting]:
    """One row for each application; one more query for the reminders that were sent."""
    found = list(applications)
    reminders = Reminder.objects.filter(purpose=NUDGE, subject__in=[one.pk for one in found])
    reminded = dict(reminders.order_by("sent_at").values_list("subject", "sent_at"))
    return [
        Waiting(
            pk=one.pk,
            wish=one.wish,
            organisation=one.organisation,
            since=one.confirmed_at,
            reasons=_reasons(one),
            reminded_at=reminded.get(one.pk),
        )
        for one in found
    ]


def _reasons(application: Application) -> list[str]:
    reasons = []
    if application.contact_answer == Application.ContactAnswer.NO:
        reasons.append(_("Die Person sagt: Niemand hat sich gemeldet."))
    if application.answer_by and application.is_overdue:
        days = (timezone.localdate() - application.answer_by).days
        text = ngettext("%(n)d Tag überfällig", "%(n)d Tage überfällig", days)
        reasons.append(text % {"n": days})
    return reasons


NUDGE = "application.nudge"
"""The ``purpose`` of a reminder: the office above asked for an answer."""


NUDGE_AGAIN_AFTER = datetime.timedelta(days=1)
