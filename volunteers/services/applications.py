"""The life of an application: sign-up, confirmation, revision, and each decision about it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from programs import versions
from programs.models import Entry

from ..errors import (
    AnsweredElsewhere,
    NameTaken,
    NotOpen,
    ReasonMissing,
    TandemFirst,
    TransitionNotAllowed,
)
from ..models import Application, StatusChange, User, Volunteer
from ..models.identity import known_as
from ..models.profile import asked_at_sign_up
from ..models.questions import VOLUNTEER
from ..models.statuses import CLOSED, KEEPS_TANDEM, Status
from ..notifications import applications as notifications
from ..reads.answering import answering_organisation
from . import ending
from .answers import Answers, columns, link, write
from .confirming import find_or_make, mail_link
from .groups import has_room, require_room, resized
from .locks import lock_application, lock_volunteer, present
from .moving import move, record, step
from .people import find_or_make_volunteer
from .rounds import delete_in_batches
from .steps import require_ready

STARTS = (Status.READY, Status.PLACED)
"""Statuses that cannot be reached while a step of the preparation is open."""


def submit_application(*, entry: Entry | None, answers: Answers) -> None:
    """Store a sign-up and mail the link that confirms it.

    A person has at most one sign-up for each entry (``services/confirming.py``). Raises
    ``NotOpen``.
    """
    with transaction.atomic():
        if entry is not None:
            entry = present(entry)
            if entry is None or not entry.is_open:
                raise NotOpen
        person = known_as([answers["email"]], answers["name"])
        known = Application.objects.filter(person, entry=entry)
        application = find_or_make(
            known.exclude(status__in=CLOSED), lambda: _make_application(entry, answers)
        )
        if application.is_unconfirmed and application.link_sent_at:  # it was there before
            application.submitted_at = timezone.now()
            write(application, answers)
        mail_link(
            application,
            ask=notifications.ask_for_confirmation,
            known=notifications.already_signed_up,
        )


def _make_application(entry: Entry | None, answers: Answers) -> Application:
    versions.is_still_so()  # if not, who answers is read again
    told = {"more_asked": False} | columns(Application, answers)
    application = Application.objects.create(
        entry=entry, organisation=answering_organisation(entry, by_link=True), **told
    )
    record(application, StatusChange.Actor.APPLICANT)
    link(application, answers)
    return application


def confirm_application(*, application: Application) -> Application:
    """The person opened the link and confirmed: from now on the organisation sees the application.

    Locks the entry before its places are counted; if none is free, or too few for a group, the
    application waits. Creates or updates the person's ``Volunteer`` record. Raises ``TransitionNotAllowed`` when it was
    confirmed or withdrawn before, ``NotOpen`` when the entry closed in the meantime.
    """
    with transaction.atomic():
        application = lock_application(application)
        if not application.is_unconfirmed:
            raise TransitionNotAllowed
        if application.entry and not application.entry.is_open:
            raise NotOpen
        full = not has_room(application)
        asked = asked_at_sign_up(more=application.more_asked, in_groups=False)
        kept = (one for one in asked if VOLUNTEER in one.kept_by)
        answers = {one.name: one.answer_in(application) for one in kept}
        application.volunteer = _volunteer_of(application, answers)
        application.confirmed_at = timezone.now()
        move(application, Status.WAITING if full else Status.NEW, StatusChange.Actor.APPLICANT)
        notifications.confirmed(application)
    return application


def _volunteer_of(application: Application, answers: Answers) -> Volunteer:
    """The person's record, updated with ``answers``: the newest answers win."""
    if application.volunteer_id is not None:
        volunteer, is_new = lock_volunteer(application.volunteer_id), False
    else:
        told = {"email": application.email} | columns(Volunteer, answers)
        volunteer, is_new = find_or_make_volunteer(**told)
    if is_new:
        link(volunteer, answers)
    else:
        write(volunteer, answers)
    return volunteer


def revise_application(*, application: Application, answers: Answers) -> Application:
    """The person corrects their answers. The address cannot change, because the link proves it.

    Raises ``TransitionNotAllowed`` once the application is closed, ``NameTaken`` for the name of
    somebody else at the same address, ``GroupNotPossible`` when the group has become too big.
    """
    try:
        with transaction.atomic():
            application = lock_application(application)
            if application.is_closed or application.is_unconfirmed:
                raise TransitionNotAllowed
            were = application.people
            write(application, answers)
            application.volunteer = _volunteer_of(application, answers)
            resized(application=application, were=were)
    except IntegrityError as error:
        raise NameTaken from error
    return application


def withdraw_application(*, application: Application, note: str = "") -> Application:
    """The person takes the application back; a place that becomes free goes to the longest waiting.

    Ends their tandems and calls off proposals, so the requests of these are locked first. Open
    messages of the person no longer need an answer, because nobody may write to them any more.
    Raises ``TransitionNotAllowed`` once the application is closed.
    """
    with transaction.atomic():
        application = ending.lock_with_requests(application)
        ending.leave_as_volunteer(application)
        step(application, Status.WITHDRAWN, StatusChange.Actor.APPLICANT, note=note)
        application.consents.withdraw()
        application.messages.unhandled().update(handled_at=timezone.now())
        notifications.withdrawn(application)
    return application


def change_status(
    *,
    application: Application,
    status: str,
    by: User | None,
    note: str = "",
    reason: str = "",
    seen: str = "",
) -> Application:
    """A coordinator changes the status; the person gets the mail for that status.

    Without ``by`` the organisation answers by a mailed link.
    ``reason`` is required to decline and is mailed to the person; ``note`` is kept in the history.
    ``seen`` is the status that ``by`` decided upon, if known: with another one by now this step is refused.
    Raises ``TransitionNotAllowed``, ``ReasonMissing``, ``NoFreePlace``, ``NotReady``,
    ``AnsweredElsewhere`` when another organisation answers by now, or ``TandemFirst`` while the
    application has a proposal or a running tandem.
    """
    answers = application.organisation_id
    with transaction.atomic():
        application = lock_application(application)
        if application.organisation_id != answers:
            raise AnsweredElsewhere
        target = Status(status)
        if target in {Status.UNCONFIRMED, Status.WITHDRAWN}:
            raise TransitionNotAllowed
        if seen and application.status != seen:
            raise TransitionNotAllowed
        if target not in KEEPS_TANDEM and application.tandems.alive().exists():
            raise TandemFirst
        if target == Status.DECLINED:
            if not reason.strip():
                raise ReasonMissing
            application.decline_reason = reason.strip()
        if application.status == Status.WAITING and target == Status.NEW:
            require_room(application)
        if target in STARTS and application.may_become(target):
            require_ready(application)
        was = application.status
        step(application, target, StatusChange.Actor.STAFF, by=by, note=note)
        notifications.status_changed(application, was=was)
    return application


def delete_expired_applications() -> int:
    """Delete unconfirmed applications whose link no longer works; returns how many."""
    return delete_in_batches(Application.objects.expired())
