"""The life of a request for a companion."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Entry, Organisation, Programme

from ..errors import DomainError, NameTaken, NobodyThere, TransitionNotAllowed
from ..models import Application, CompanionRequest, Consent, User
from ..models.companions import RequestStatus
from ..models.families import Asker
from ..models.identity import key_of
from ..notifications import requests as notifications
from ..reads.answering import answering_organisation
from . import ending, guardians
from .answers import Answers, columns, write
from .confirming import find_or_make, mail_link
from .guardians import Agreement
from .locks import hold_off_merging, lock_request, locked, present
from .rounds import delete_in_batches

OVER = (RequestStatus.CLOSED, RequestStatus.WITHDRAWN)


class TandemStillAlive(DomainError):
    message = _(
        "Zu dieser Suche gibt es einen Vorschlag oder ein Tandem. Bitte beenden Sie zuerst das "
        "Tandem oder ziehen Sie den Vorschlag zurück, beides auf der Seite des Tandems."
    )


class AlreadyOpen(DomainError):
    message = _(
        "Für diese Person (Name und Adresse) ist schon eine Suche eingetragen. Vielleicht kümmert sich eine andere "
        "Stelle darum; bitte fragen Sie beim Sozialamt nach."
    )


def programmes_for_tandems() -> "list[Programme]":
    """Published, running programmes that make tandems of newcomers and volunteers.

    A programme counts even when it takes no sign-ups of volunteers at the moment.
    """
    found: Any = Programme.objects.filter(
        makes_tandems=True, is_published=True, status=Entry.Status.ACTIVE
    )
    return list(found.select_related("organisation").order_by("title"))


def makes_tandems(application: Application) -> bool:
    """Whether the application is for a programme that makes tandems."""
    return application.entry is not None and is_for_tandems(application.entry)


def is_for_tandems(entry: Entry) -> bool:
    programme = entry.programme
    return programme is not None and programme.makes_tandems


def looked_after_by(programme: Programme | None) -> Organisation | None:
    """The organisation that answers for the programme; None means the Sozialamt."""
    return answering_organisation(programme) if programme is not None else None


def submit_request(
    *, programme: Programme | None, answers: Answers, asker: Answers | None = None
) -> None:
    """Store a request and mail the link that confirms it: to ``asker``, if somebody asks for others.

    A second form about the same person or child, of the same asker, makes no second request
    (``services/confirming.py``); one guardian may ask for several children, one asker for many.
    """
    with transaction.atomic():
        programme = present(programme) if programme else None
        by = guardians.asker_of(**asker) if asker else None
        known = alike(answers, by).exclude(status__in=OVER)
        request = find_or_make(
            known, lambda: _make_request(programme, answers, by), with_consent=by is None
        )
        if request.is_unconfirmed:
            request.programme = programme
            request.organisation = looked_after_by(programme)
            request.submitted_at = timezone.now()
            write(request, answers)
        mail_link(
            request, ask=notifications.ask_for_confirmation, known=notifications.already_known
        )


def alike(answers: Answers, asker: Asker | None = None) -> "QuerySet[CompanionRequest]":
    """The requests that a form with these answers would repeat, over or not."""
    name, child = answers["name"], answers.get("child_name") or ""
    if not answers["email"] and asker is None:
        return CompanionRequest.objects.none()
    return CompanionRequest.objects.filter(
        email=answers["email"],
        name__person_key=key_of(name),
        child_name__person_key=key_of(child),
        asker=asker,
    )


def _make_request(
    programme: Programme | None, answers: Answers, asker: Asker | None
) -> CompanionRequest:
    return CompanionRequest.objects.create(
        programme=programme,
        organisation=looked_after_by(programme),
        asker=asker,
        **columns(CompanionRequest, answers),
    )


def confirm_request(
    *, request: CompanionRequest, agreement: Agreement | None = None
) -> CompanionRequest:
    """The person opened the link and confirmed: from now on the organisation sees the request.

    For a child the guardian does so with an ``agreement``. Raises ``TransitionNotAllowed`` when it was
    confirmed or withdrawn before.
    """
    with transaction.atomic():
        request = lock_request(request.pk)
        if not request.is_unconfirmed or request.asker is not None:
            raise TransitionNotAllowed
        guardians.open_with(request, agreement)
        notifications.confirmed(request)
    return request


def enter_request(
    *,
    programme: Programme | None,
    organisation: Organisation | None,
    answers: Answers,
    by: User,
) -> CompanionRequest:
    """A coordinator enters a request for somebody who agreed to it; open at once, ``entered_by`` says who.

    One for a child waits until the guardian agrees, by a link or on paper. An unconfirmed request of the
    same person is taken over. If there is an address, it gets a mail with the link to the person's
    page. Raises ``AlreadyOpen``.
    """
    with transaction.atomic():
        hold_off_merging()
        organisation = Organisation.objects.current(organisation.pk) if organisation else None
        unconfirmed = alike(answers).filter(status=RequestStatus.UNCONFIRMED)
        request = locked(unconfirmed).first() or CompanionRequest()
        is_new = request.pk is None
        request.programme, request.organisation, request.entered_by = programme, organisation, by
        for_child = bool(answers.get("child_age"))
        request.status = RequestStatus.AWAITING if for_child else RequestStatus.OPEN
        request.confirmed_at = None if for_child else timezone.now()
        try:
            with transaction.atomic():
                write(request, answers)
        except IntegrityError as error:
            raise AlreadyOpen from error
        if is_new and not for_child:
            Consent.objects.give(request)
        (notifications.ask_to_agree if for_child else notifications.entered)(request)
    return request


def revise_request(*, request: CompanionRequest, answers: Answers) -> CompanionRequest:
    """The person corrects their answers. The address cannot change, because the link proves it.

    Raises ``TransitionNotAllowed`` once the request is over, ``NameTaken`` for the name of somebody
    else at the same address.
    """
    try:
        with transaction.atomic():
            request = lock_request(request.pk)
            if request.status not in {RequestStatus.OPEN, RequestStatus.MATCHED}:
                raise TransitionNotAllowed
            write(request, answers)
    except IntegrityError as error:
        raise NameTaken from error
    return request


def withdraw_request(*, request: CompanionRequest) -> CompanionRequest:
    """The person takes the request back; calls off a proposal, ends a running tandem.

    Ends the consent. Raises ``TransitionNotAllowed`` once the request is over.
    """
    with transaction.atomic():
        request = lock_request(request.pk)
        if request.is_closed:
            raise TransitionNotAllowed
        ending.leave_as_newcomer(request)
        request.end(RequestStatus.WITHDRAWN)
        request.consents.withdraw()
        notifications.withdrawn(request)
    return request


def hand_on_request(
    *, request: CompanionRequest, organisation: Organisation | None, by: User
) -> CompanionRequest:
    """Give the request to another organisation with an active member, or to the Sozialamt (None).

    From then on only the new one sees it; its members and the person get a mail. Raises
    ``NobodyThere``, ``TandemStillAlive`` or ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        request = _lock_open(request)
        answering = Organisation.objects.with_staff()
        if organisation is not None and not answering.filter(pk=organisation.pk).exists():
            raise NobodyThere
        former, request.organisation = request.organisation_id, organisation
        request.save(update_fields=["organisation"])
        notifications.handed_on(request, former=former)
    return request


def close_request(*, request: CompanionRequest) -> CompanionRequest:
    """A coordinator closes a request that is no longer needed; the person gets a mail.

    Raises ``TandemStillAlive`` or ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        request = _lock_open(request)
        if (
            request.status == RequestStatus.AWAITING
        ):  # nobody has agreed: it goes with the next deletion
            request.end(RequestStatus.WITHDRAWN)
            notifications.tell_asker(request, notifications.REFUSED)
        else:
            request.end(RequestStatus.CLOSED)
            notifications.closed(request)
    return request


def _lock_open(request: CompanionRequest) -> CompanionRequest:
    locked = lock_request(request.pk)
    if locked.tandems.alive().exists():
        raise TandemStillAlive
    if locked.status not in {RequestStatus.OPEN, RequestStatus.AWAITING}:
        raise TransitionNotAllowed
    return locked


def delete_expired_requests() -> int:
    """Delete unconfirmed requests whose link no longer works; returns how many."""
    return delete_in_batches(CompanionRequest.objects.expired())
