"""Requests for counselling: sent by a form, confirmed by link, answered by a department."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation
from volunteers.errors import AnsweredElsewhere, DomainError, TransitionNotAllowed
from volunteers.models import User
from volunteers.models.identity import named
from volunteers.reads.promising import promised
from volunteers.services.answers import Answers, write
from volunteers.services.confirming import find_or_make, mail_link
from volunteers.services.locks import hold_off_merging, lock_one, lock_organisation
from volunteers.services.messages import just_written, require_within_bounds
from volunteers.services.rounds import delete_in_batches

from . import mails
from .departments import department_for, offices
from .models import CounsellingMessage, CounsellingRequest, CounsellingStatus

Sender = CounsellingMessage.Sender
SAME_REQUEST = datetime.timedelta(minutes=10)
"""The same words of the same person within this time are a double click."""


class NotTold(DomainError):
    message = _("Zu dieser Beratung sind keine Nachrichten mehr möglich: Sie ist beendet.")


class NoOffice(DomainError):
    message = _("Bitte wählen Sie eine Stelle, in der jemand antwortet.")


def lock_counselling(number: int) -> CounsellingRequest:
    """After the organisation, before anything that belongs to it."""
    return lock_one(CounsellingRequest.objects.all(), number, "organisation", "entry")


def submit_counselling(*, audience: str, answers: Answers) -> None:
    """Store it. Who gave an address gets a link to confirm; who gave a telephone only waits for the call.

    A form that is sent again before the click replaces the first one; after it, it is another request.
    Locks the department. Raises ``Organisation.DoesNotExist`` while there is no clearing office.
    """
    with transaction.atomic():
        hold_off_merging()
        department = lock_organisation(department_for(answers.get("entry")).pk)
        columns = {**answers, "audience": audience, "organisation": department}
        if answers["email"]:
            _ask_to_confirm(columns)
        elif not _twin_of(columns):
            _open(CounsellingRequest.objects.create(**columns, **_promise(department)))


def _ask_to_confirm(columns: Answers) -> None:
    known = CounsellingRequest.objects.filter(
        named([columns["email"]], columns["name"]),
        audience=columns["audience"],
        status=CounsellingStatus.UNCONFIRMED,
    )
    asked = find_or_make(
        known, lambda: CounsellingRequest.objects.create(**columns), with_consent=False
    )
    asked.submitted_at = timezone.now()
    write(asked, columns)
    mail_link(asked, ask=mails.ask_for_confirmation, known=mails.ask_for_confirmation)


def _twin_of(columns: Answers) -> bool:
    since = timezone.now() - SAME_REQUEST
    return CounsellingRequest.objects.filter(**columns, submitted_at__gt=since).exists()


def _promise(department: Organisation) -> dict[str, object]:
    """What a request has from the moment in which it waits for an answer."""
    return {"status": CounsellingStatus.NEW, "answer_by": promised(department).answer_by}


def _open(asked: CounsellingRequest) -> None:
    mails.to_answer(asked)


def confirm_counselling(*, asked: CounsellingRequest) -> CounsellingRequest:
    """From now on it waits for the department, which gets a mail. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        asked = lock_counselling(asked.pk)
        if not asked.is_unconfirmed:
            raise TransitionNotAllowed
        asked.confirmed_at = timezone.now()
        _write(asked, confirmed_at=timezone.now(), **_promise(asked.organisation))
        _open(asked)
    return asked


def write_message(
    *, asked: CounsellingRequest, text: str, by: User | None = None, seen: int | None = None
) -> CounsellingMessage:
    """Store a message and mail it to the other side; without ``by`` the person wrote it.

    A message of the department answers the person's open ones up to the key ``seen`` (None: all), and
    begins the talk. A double click returns the first message. Raises ``NotTold``,
    ``TooManyMessages``, or ``AnsweredElsewhere`` when another department has it by now.
    """
    text = text.replace("\r\n", "\n").strip()
    sender = Sender.STAFF if by else Sender.PERSON
    with transaction.atomic():
        locked = _lock_mine(asked, by)
        if not locked.may_write:
            raise NotTold
        if twin := just_written(locked.messages, sender, text):
            found: CounsellingMessage = twin
            return found
        if by is None:
            require_within_bounds(locked.messages.filter(sender=sender))
        message = CounsellingMessage.objects.create(request=locked, sender=sender, by=by, text=text)
        if by is None:
            mails.to_staff(message)
        else:
            handle_messages(asked=locked, seen=seen)
            _begin(locked)
            mails.to_person(message)
    return message


def handle_messages(*, asked: CounsellingRequest, seen: int | None) -> int:
    """Mark the person's messages up to the key ``seen`` as answered; returns how many."""
    messages = asked.messages.all().unhandled()
    if seen is not None:
        messages = messages.filter(pk__lte=seen)
    return messages.update(handled_at=timezone.now())


def begin(*, asked: CounsellingRequest, by: User) -> CounsellingRequest:
    """Somebody has rung or met the person. A closed one is taken up again; a second click changes nothing."""
    with transaction.atomic():
        asked = _lock_mine(asked, by)
        if asked.status == CounsellingStatus.WITHDRAWN:
            raise TransitionNotAllowed
        _begin(asked)
    return asked


def _begin(asked: CounsellingRequest) -> None:
    if asked.status in {CounsellingStatus.NEW, CounsellingStatus.DONE}:
        _write(asked, status=CounsellingStatus.IN_CONTACT, closed_at=None)


def close(*, asked: CounsellingRequest, by: User) -> CounsellingRequest:
    """Nothing is left to do; the time of deleting counts from now. A second click changes nothing."""
    with transaction.atomic():
        asked = _lock_mine(asked, by)
        handle_messages(asked=asked, seen=None)
        _end(asked, CounsellingStatus.DONE)
    return asked


def withdraw(*, asked: CounsellingRequest) -> CounsellingRequest:
    """The person needs no counselling any more; the department finds it closed."""
    with transaction.atomic():
        asked = lock_counselling(asked.pk)
        asked.messages.all().unhandled().update(handled_at=timezone.now())
        _end(asked, CounsellingStatus.WITHDRAWN)
    return asked


def _end(asked: CounsellingRequest, status: CounsellingStatus) -> None:
    if asked.status in {CounsellingStatus.NEW, CounsellingStatus.IN_CONTACT}:
        _write(asked, status=status, closed_at=timezone.now())


def hand_on(*, asked: CounsellingRequest, to: Organisation, by: User) -> CounsellingRequest:
    """Another department gives counselling from now on, with a new day for the answer.

    It and the person get a mail; the former one no longer sees the request. Raises ``NoOffice``,
    ``TransitionNotAllowed`` or ``AnsweredElsewhere``.
    """
    with transaction.atomic():
        hold_off_merging()
        asked = _lock_mine(asked, by)
        office = offices().filter(pk=to.pk).first()
        if office is None or office.pk == asked.organisation_id:
            raise NoOffice
        if asked.is_closed:
            raise TransitionNotAllowed
        _write(asked, organisation=office, **_promise(office))
        mails.to_answer(asked)
        mails.handed_on(asked)
    return asked


def _lock_mine(asked: CounsellingRequest, by: User | None) -> CounsellingRequest:
    """The request as it is now. Raises ``AnsweredElsewhere`` when the page of ``by`` was of another department."""
    locked = lock_counselling(asked.pk)
    if by is not None and locked.organisation_id != asked.organisation_id:
        raise AnsweredElsewhere
    return locked


def _write(asked: CounsellingRequest, **columns: object) -> None:
    for name, value in columns.items():
        setattr(asked, name, value)
    asked.save(update_fields=list(columns))


def delete_expired_counselling() -> int:
    """Delete those that nobody confirmed; returns how many."""
    return delete_in_batches(CounsellingRequest.objects.expired())
