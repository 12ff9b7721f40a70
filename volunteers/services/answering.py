"""An application gets another organisation to answer it, or the present one is reminded.

If two people do this at the same time, the second one gets an error: another organisation answers
already.
"""

from django.db import transaction
from django.utils import timezone

from programs.models import Organisation

from ..errors import (
    AlreadyReminded,
    AnsweredElsewhere,
    NobodyThere,
    NoOfficeAbove,
    NotWaiting,
    TandemFirst,
    TransitionNotAllowed,
)
from ..models import Application, Reminder, StatusChange, User
from ..models.statuses import Status
from ..notifications import answering as notifications
from ..notifications import link_answers
from ..reads.escalations import NUDGE, NUDGE_AGAIN_AFTER
from .locks import lock_application
from .moving import move, record

HANDED_ON_FROM = (
    Status.WAITING,
    Status.NEW,
    Status.IN_CONTACT,
    Status.IN_TRAINING,
    Status.READY,
    Status.PAUSED,
)
"""Refused while somebody is placed: that engagement has to end first."""
REMINDED = "Erinnerung durch die zuständige Stelle"
"""Note in the history. It is stored, so it is not translated."""


def hand_on_application(
    *, application: Application, to: Organisation, by: User, note: str = ""
) -> Application:
    """Let ``to`` answer from now on; the former organisation no longer sees the application.

    The application starts again as new, with a new answer-by date; one on the waiting list stays
    there. The person and the members of ``to`` get a mail; ``note`` is kept in the history. Raises
    ``AnsweredElsewhere``, ``TransitionNotAllowed``, ``TandemFirst`` or ``NobodyThere``.
    """
    with transaction.atomic():
        locked = lock_application(application)
        to = Organisation.objects.current(to.pk) or to
        if locked.organisation_id != application.organisation_id:
            raise AnsweredElsewhere
        if locked.status not in HANDED_ON_FROM or locked.organisation_id == to.pk:
            raise TransitionNotAllowed
        if locked.tandems.alive().exists():
            raise TandemFirst
        _give(locked, to, by, note)
    return locked


def take_over_application(*, application: Application, by: User) -> Application:
    """The office above the organisation takes the application over, because nobody answered it.

    Only then does the office see who applied. Otherwise it is the same as handing on, but the
    office starts it: ``by`` works for that office, or for the Portalverwaltung. Raises
    ``AnsweredElsewhere``, ``NotWaiting``, ``NoOfficeAbove`` or ``NobodyThere``.
    """
    with transaction.atomic():
        locked = lock_application(application)
        if locked.organisation_id != application.organisation_id:
            raise AnsweredElsewhere
        _require_waiting(locked, by)
        office = locked.organisation.office_above
        if office is None:
            raise NoOfficeAbove
        _give(locked, office, by)
    return locked


def _require_waiting(application: Application, by: User) -> None:
    if not Application.objects.escalated_to(by).filter(pk=application.pk).exists():
        raise NotWaiting


def _give(application: Application, to: Organisation, by: User, note: str = "") -> None:
    if not Organisation.objects.with_staff().filter(pk=to.pk).exists():
        raise NobodyThere
    former = application.organisation
    application.contact_answer = ""
    application.contact_answered_at = None
    waits = application.status == Status.WAITING
    status = Status.WAITING if waits else Status.NEW
    move(application, status, StatusChange.Actor.STAFF, by=by, note=note, organisation=to)
    notifications.handed_on(application, former, by)


def remind_organisation(*, application: Application, by: User) -> int:
    """Mail the members of the organisation that the application waits; returns how many mails.

    At most once in 24 hours. Noted in the history and as a ``Reminder``. Raises ``NotWaiting``,
    ``AlreadyReminded`` or ``NobodyThere``.
    """
    with transaction.atomic():
        locked = lock_application(application)
        _require_waiting(locked, by)
        recent = Reminder.objects.filter(purpose=NUDGE, subject=locked.pk)
        if recent.filter(sent_at__gt=timezone.now() - NUDGE_AGAIN_AFTER).exists():
            raise AlreadyReminded
        if not Reminder.objects.take(NUDGE, locked.pk, timezone.localdate()):
            raise AlreadyReminded
        record(locked, StatusChange.Actor.STAFF, by=by, note=REMINDED)
        sent = notifications.still_waiting(locked) or link_answers.waiting(
            locked.organisation, [locked]
        )
        if not sent:
            raise NobodyThere
    return sent
