"""A request made for others waits for a yes: of the guardian, or of the grown-up it is for.

Until then it is nobody's who could be suggested: its status is ``awaiting``, and the database lets no
request for a child be searched for without the time of the consent.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..errors import TransitionNotAllowed
from ..models import Asker, CompanionRequest, Consent, User
from ..models.companions import RequestStatus
from ..models.families import AgreedHow
from ..models.identity import named
from ..notifications import requests as notifications
from .locks import lock_request, locked
from .rounds import delete_in_batches

BEFORE = (RequestStatus.UNCONFIRMED, RequestStatus.AWAITING)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Who agrees, in any script, and what a child from 14 on says."""

    name: str
    child_words: str = ""


def note(
    request: CompanionRequest, agreement: Agreement, how: AgreedHow, by: User | None = None
) -> None:
    """Write the agreement on the locked request, without saving it."""
    request.agreed_name, request.child_words = agreement.name, agreement.child_words
    request.agreed_how, request.agreed_noted_by = how, by
    request.agreed_at = timezone.now()


def open_with(
    request: CompanionRequest,
    agreement: Agreement | None,
    how: AgreedHow = AgreedHow.LINK,
    by: User | None = None,
) -> None:
    """From now on the locked request is looked for; a child's only with ``agreement``.

    Raises ``TransitionNotAllowed`` when it is open or over already, or lacks the agreement.
    """
    if request.status not in BEFORE or (request.is_for_child and agreement is None):
        raise TransitionNotAllowed
    if agreement is not None:
        note(request, agreement, how, by)
    elif request.asker_id is not None:
        note(request, Agreement(name=request.name), how, by)
    request.status = RequestStatus.OPEN
    request.confirmed_at = timezone.now()
    request.save()
    if not request.consents.in_force().exists():
        Consent.objects.give(request)


def agree(*, request: CompanionRequest, agreement: Agreement | None) -> CompanionRequest:
    """The guardian or the grown-up says yes on the page of the link. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        request = lock_request(request.pk)
        if request.status != RequestStatus.AWAITING:
            raise TransitionNotAllowed
        open_with(request, agreement)
        notifications.confirmed(request)
        notifications.tell_asker(request, notifications.AGREED)
    return request


def agree_on_paper(
    *, request: CompanionRequest, agreement: Agreement, by: User
) -> CompanionRequest:
    """A coordinator notes the consent on paper. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        request = lock_request(request.pk)
        if request.status != RequestStatus.AWAITING:
            raise TransitionNotAllowed
        open_with(request, agreement, AgreedHow.PAPER, by)
        notifications.entered(request)
        notifications.tell_asker(request, notifications.AGREED)
    return request


def refuse(*, request: CompanionRequest) -> CompanionRequest:
    """They do not want it. What was typed is deleted at once but for the names, those with the rest soon."""
    with transaction.atomic():
        request = lock_request(request.pk)
        if request.status != RequestStatus.AWAITING:
            raise TransitionNotAllowed
        request.note = ""
        request.save(update_fields=["note"])
        request.end(RequestStatus.WITHDRAWN)
        notifications.tell_asker(request, notifications.REFUSED)
    return request


def asker_of(*, name: str, email: str, place: str, preferred_language: str) -> Asker:
    """Who asks for others; a second request of the same person belongs to the same row, locked."""
    known = Asker.objects.filter(named([email], name))
    if (asker := locked(known).first()) is None:
        try:
            with transaction.atomic():
                return Asker.objects.create(
                    name=name, email=email, place=place, preferred_language=preferred_language
                )
        except IntegrityError:  # a double click was faster
            asker = locked(known)[0]
    if place and not asker.place:
        asker.place = place
        asker.save(update_fields=["place"])
    return asker


def confirm_asker(*, request: CompanionRequest) -> CompanionRequest:
    """Whoever asked for others has confirmed the address: now the one who may say yes gets the link.

    Raises ``TransitionNotAllowed`` when it was confirmed before.
    """
    with transaction.atomic():
        asker = locked(Asker.objects.filter(requests=request)).first()
        request = lock_request(request.pk)
        if asker is None or not request.is_unconfirmed:
            raise TransitionNotAllowed
        request.status = RequestStatus.AWAITING
        request.submitted_at = timezone.now()  # the time to agree begins
        request.save()
        if asker.confirmed_at is None:
            asker.confirmed_at = timezone.now()
            asker.save(update_fields=["confirmed_at"])
        notifications.ask_to_agree(request)
        notifications.handed_in(request)
    return request


def delete_not_agreed() -> int:
    """Delete requests to which nobody agreed in time; returns how many."""
    return delete_in_batches(CompanionRequest.objects.not_agreed_in_time())


def delete_unused_askers() -> int:
    """Delete those none of whose requests is there any more; returns how many."""
    return delete_in_batches(Asker.objects.filter(requests__isnull=True))
