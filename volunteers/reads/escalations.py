"""What an office sees of applications and questions that its organisations do not answer.

The person turned to the organisation, not to the office. So no name, contact, message or question is
even loaded here. Only when the office takes the record over (``services.answering``,
``services.enquiries``) it may see the person.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Organisation
from programs.requests import AnyUser

from ..models import Application, Enquiry, Reminder

LOADED = (
    "entry",
    "organisation",
    "status",
    "answer_by",
    "confirmed_at",
    "contact_answer",
    "contact_answered_at",
)


Reminded = dict[tuple[str, int], datetime.datetime]
"""Purpose and key of what somebody was reminded of → when, last."""


@dataclass(frozen=True)
class Waiting:
    """One application or question that waits too long, without the person."""

    model: str
    """„app.model“, for the addresses of the buttons."""
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


def rows(applications: Iterable[Application], known: Reminded | None = None) -> list[Waiting]:
    """One row for each application; one more query where :func:`reminded` is not yet ``known``."""
    found = list(applications)
    known = reminded(found, ()) if known is None else known
    return [
        Waiting(
            model="volunteers.application",
            pk=one.pk,
            wish=one.wish,
            organisation=one.organisation,
            since=one.confirmed_at,
            reasons=_reasons(one),
            reminded_at=known.get((NUDGE, one.pk)),
        )
        for one in found
    ]


def reminded(applications: Iterable[Application], questions: Iterable[Enquiry]) -> Reminded:
    """When somebody was last reminded of each of them; one query."""
    of_both = Q(purpose=NUDGE, subject__in=[one.pk for one in applications])
    of_both |= Q(purpose=QUESTION_NUDGE, subject__in=[one.pk for one in questions])
    reminders = Reminder.objects.filter(of_both).order_by("sent_at")
    sent = reminders.values_list("purpose", "subject", "sent_at")
    return {(purpose, key): at for purpose, key, at in sent}


def questions_waiting_for(user: AnyUser) -> QuerySet[Enquiry]:
    """Questions for which an office of ``user`` has to step in; reads no column about the person."""
    return without_person(Enquiry.objects.escalated_to(user))


def without_person(enquiries: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Only what says where the question waits and since when."""
    return enquiries.select_related("entry", "event", "organisation").only(
        *("entry__title", "event__title", "organisation__title", "organisation__department"),
        *("page", "answer_by", "asked_at", "answered_at"),
    )


def question_rows(enquiries: Iterable[Enquiry], known: Reminded | None = None) -> list[Waiting]:
    """One row for each question; one more query where :func:`reminded` is not yet ``known``."""
    found = list(enquiries)
    known = reminded((), found) if known is None else known
    return [
        Waiting(
            model="volunteers.enquiry",
            pk=one.pk,
            wish=_("Frage zu „%(title)s“") % {"title": one.about},
            organisation=one.organisation,
            since=one.asked_at,
            reasons=[_overdue_since(one.due_on)],
            reminded_at=known.get((QUESTION_NUDGE, one.pk)),
        )
        for one in found
    ]


def _overdue_since(day: datetime.date) -> str:
    days = (timezone.localdate() - day).days
    return ngettext("%(n)d Tag überfällig", "%(n)d Tage überfällig", days) % {"n": days}


def _reasons(application: Application) -> list[str]:
    reasons = []
    if application.contact_answer == Application.ContactAnswer.NO:
        reasons.append(_("Die Person sagt: Niemand hat sich gemeldet."))
    if application.answer_by and application.is_overdue:
        reasons.append(_overdue_since(application.answer_by))
    return reasons


NUDGE, QUESTION_NUDGE = "application.nudge", "enquiry.nudge"
"""The ``purpose`` of a reminder: the office above asked for an answer."""


NUDGE_AGAIN_AFTER = datetime.timedelta(days=1)
