"""„Das sind wir“: asked by somebody of an organisation, confirmed by link, decided by whoever gives roles there."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership, Organisation

from ..errors import DomainError, TransitionNotAllowed
from ..guard import limits
from ..links.organisations import Holder
from ..models import AccessRequest, User
from ..models.access_requests import AccessStatus
from ..models.identity import named
from ..notifications import access_requests as notifications
from .accesses import NotYours, roles_to_give
from .answers import Answers, write
from .confirming import find_or_make, mail_link
from .invitations import Offer, invite
from .locks import lock_access_request, present
from .rounds import delete_in_batches

Role = Membership.Role
GIVEN = (Role.COORDINATOR, Role.STAFF, Role.ROOM_STAFF, Role.REPORTING)
"""Roles that somebody who asks can get, the usual one first."""


class NoAddress(DomainError):
    message = _("Zu dieser Organisation steht keine Adresse für Rückfragen.")


class NoReason(DomainError):
    message = _("Bitte schreiben Sie, warum nicht. Die Person bekommt diesen Text.")


def submit_access_request(*, organisation: Organisation, answers: Answers) -> None:
    """Store it and mail the link that confirms it; the same person's open one is stored once.

    If the organisation was merged meanwhile, it is about the one that stayed. Raises
    ``Organisation.DoesNotExist`` when it is gone.
    """
    waiting = (AccessStatus.UNCONFIRMED, AccessStatus.OPEN)
    with transaction.atomic():
        there = present(organisation)
        if there is None:
            raise Organisation.DoesNotExist
        organisation = there
        known = AccessRequest.objects.filter(
            named([answers["email"]], answers["name"]),
            organisation=organisation,
            status__in=waiting,
        )
        asked = find_or_make(
            known,
            lambda: AccessRequest.objects.create(organisation=organisation, **answers),
            with_consent=False,
        )
        if asked.is_unconfirmed:
            asked.submitted_at = timezone.now()
            write(asked, answers)
        mail_link(asked, ask=notifications.ask_for_confirmation, known=notifications.already_known)


def confirm_access_request(*, asked: AccessRequest) -> AccessRequest:
    """From now on it waits for a decision; those who decide get a mail. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        asked = lock_access_request(asked.pk)
        if not asked.is_unconfirmed:
            raise TransitionNotAllowed
        asked.status, asked.confirmed_at = AccessStatus.OPEN, timezone.now()
        asked.save(update_fields=["status", "confirmed_at"])
        notifications.to_check(asked)
    return asked


def roles_for(by: User, organisation: Organisation) -> list[Membership.Role]:
    """What ``by`` may give somebody who asks, the usual role first."""
    may = roles_to_give(by, organisation)
    return [role for role in GIVEN if role in may]


def ask_to_vouch(*, asked: AccessRequest, by: User) -> AccessRequest:
    """Ask the organisation's known address whether the person belongs to it; a second click asks again.

    Raises ``TransitionNotAllowed``, ``NotYours``, ``NoAddress``.
    """
    with transaction.atomic():
        if not roles_for(by, asked.organisation):
            raise NotYours
        asked = lock_access_request(asked.pk)
        if not asked.is_open:
            raise TransitionNotAllowed
        if not asked.organisation.contact_email:
            raise NoAddress
        limits.try_for("invitations", asked.organisation_id)
        asked.vouch_asked_at, asked.vouched = timezone.now(), ""
        asked.save(update_fields=["vouch_asked_at", "vouched"])
        notifications.ask_to_vouch(asked)
    return asked


def vouch(*, holder: Holder, number: int, belongs: bool) -> None:
    """What whoever reads the known mailbox says; the department decides. The first answer counts."""
    with transaction.atomic():
        asked = lock_access_request(number)
        mine = asked.organisation_id == holder.organisation.pk and asked.vouch_asked_at is not None
        if not (mine and asked.is_open and asked.vouched == "" and holder.user is None):
            raise TransitionNotAllowed
        asked.vouched = "yes" if belongs else "no"
        asked.save(update_fields=["vouched"])
        notifications.to_check(asked)


def accept_access_request(*, asked: AccessRequest, role: str, by: User) -> AccessRequest:
    """Invite the person with this role; their click makes them a member (``accept_invitation``).

    Locks the organisation through ``invite``, then the request, so that of two decisions one counts.
    Raises ``TransitionNotAllowed`` when it is decided, ``NotYours``, and what ``invite`` raises.
    """
    with transaction.atomic():
        if role not in roles_for(by, asked.organisation):
            raise NotYours
        invite(organisation=asked.organisation, offer=Offer(asked.name, asked.email, role), by=by)
        return _decide(asked, AccessStatus.ACCEPTED, by)


def decline_access_request(*, asked: AccessRequest, reason: str, by: User) -> AccessRequest:
    """The person gets a mail with the reason. Raises ``TransitionNotAllowed``, ``NotYours``, ``NoReason``."""
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        if not roles_for(by, asked.organisation):
            raise NotYours
        asked = _decide(asked, AccessStatus.DECLINED, by, reason.strip())
        notifications.declined(asked)
    return asked


def _decide(
    asked: AccessRequest, status: AccessStatus, by: User, reason: str = ""
) -> AccessRequest:
    asked = lock_access_request(asked.pk)
    if not asked.is_open:
        raise TransitionNotAllowed
    asked.status, asked.reason = status, reason
    asked.decided_at, asked.decided_by = timezone.now(), by
    asked.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    return asked


def delete_expired_access_requests() -> int:
    """Delete those that nobody confirmed; returns how many."""
    return delete_in_batches(AccessRequest.objects.expired())
