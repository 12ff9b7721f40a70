"""Reminders while a new application waits for its first answer."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from programs.models import Organisation

from ..models import Application, Reminder
from ..models.statuses import Status
from ..notifications import answering as notifications
from ..notifications import link_answers
from ..reads.answering import answering_by_link
from ..services.locks import locked
from .kinds import Due, Kind

ANSWER_DUE = "application.answer_due"
"""``purpose`` of the row for each application that a mail has announced."""
COLLECTED = "organisation.answers_due"
"""``purpose`` of the row for each summary mail: one for each organisation and day."""
CONTACT_QUESTION = "application.contact_question"
DAY = datetime.timedelta(days=1)


def answers_near(day: datetime.date) -> QuerySet[Application]:
    """New applications due by ``ANSWER_REMINDER_DAYS`` after ``day`` that no mail has announced."""
    announced = Reminder.objects.filter(
        purpose=ANSWER_DUE, subject=OuterRef("pk"), due_on=OuterRef("answer_by")
    )
    limit = day + datetime.timedelta(days=settings.ANSWER_REMINDER_DAYS)
    return Application.objects.filter(
        ~Exists(announced), status=Status.NEW, answer_by__lte=limit
    ).order_by("answer_by", "pk")


def find_answers_due(day: datetime.date) -> Iterable[Due]:
    """Organisations with an application to announce, a member or address to mail, and no such mail on ``day`` yet."""
    near = answers_near(day).filter(organisation=OuterRef("pk"))
    mailed = Reminder.objects.filter(purpose=COLLECTED, subject=OuterRef("pk"), due_on=day)
    able = Organisation.objects.with_staff() | answering_by_link()
    found = able.filter(Exists(near.order_by()), ~Exists(mailed))
    return [(pk, day) for pk in found.values_list("pk", flat=True)]


def send_answers_due(organisation_id: int, day: datetime.date) -> None:
    """One mail to each member about all that is due soon; every application is announced once."""
    organisation = Organisation.objects.get(pk=organisation_id)
    near = answers_near(day).filter(organisation=organisation).select_related("entry")
    new = [
        one
        for one in near
        if one.answer_by and Reminder.objects.take(ANSWER_DUE, one.pk, one.answer_by)
    ]
    if new and not notifications.answers_due(organisation, new):
        link_answers.waiting(organisation, new)


def find_unanswered(day: datetime.date) -> Iterable[Due]:
    """New applications that have waited ``CONTACT_QUESTION_DAYS`` days or longer.

    Counted from when the application became new at the organisation that answers now. Messages of
    the staff need no check, because the first one ends the status „new“.
    """
    period = datetime.timedelta(days=settings.CONTACT_QUESTION_DAYS)
    early = timezone.now() - period + DAY  # a day more: below, whole days count
    waiting = Application.objects.filter(
        status=Status.NEW, contact_answer="", confirmed_at__lt=early
    )
    dues = [(one.pk, new_since(one) + period) for one in waiting.prefetch_related("changes")]
    return Reminder.objects.not_taken(CONTACT_QUESTION, [due for due in dues if due[1] <= day])


def new_since(application: Application) -> datetime.date:
    """The day on which the present wait began; rows that only add a note do not count."""
    began = application.confirmed_at or application.submitted_at
    before = ""
    for change in application.changes.all():
        if change.status == Status.NEW and (change.organisation_id or before != Status.NEW):
            began = change.at
        before = change.status
    return timezone.localdate(began)


def send_contact_question(application_id: int, due_on: datetime.date) -> None:
    """Ask, unless somebody has answered a moment ago."""
    waiting = locked(Application.objects.filter(status=Status.NEW))
    if application := waiting.filter(pk=application_id).first():
        notifications.ask_about_contact(application)


KINDS = (
    Kind(COLLECTED, find_answers_due, send_answers_due),
    Kind(CONTACT_QUESTION, find_unanswered, send_contact_question),
)
