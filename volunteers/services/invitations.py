"""Invitations to work for an organisation, and accepting them."""

import datetime
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership, Organisation

from ..errors import DomainError
from ..guard import limits, security_log
from ..models import Invitation, SecurityEvent, User
from ..models.users import normalise_email
from ..notifications import accesses as notifications
from .accesses import NotYours, roles_to_give
from .locks import lock_organisation, locked


class WorksThere(DomainError):
    message = _(
        "Diese Person arbeitet schon für diese Organisation. Soll sie eine andere Rolle haben, "
        "beenden Sie zuerst den Zugang und laden Sie sie dann neu ein."
    )


class OwnAddress(DomainError):
    """Refused: nobody may invite themselves into an organisation that they only look after."""

    message = _(
        "Das ist eine Adresse Ihres eigenen Kontos. Sich selbst können Sie nicht einladen. Brauchen "
        "Sie hier eine Rolle, dann bitten Sie die Koordination oder die Portalverwaltung darum."
    )


class InvitationGone(DomainError):
    """The link is used, withdrawn or too old, or the inviting person may no longer give the role."""

    message = _("Diese Einladung gilt nicht mehr.")


@dataclass(frozen=True)
class Offer:
    """What the form asks for."""

    name: str
    email: str
    role: str
    until: datetime.date | None = None
    language: str = ""
    """Of a translator."""


def invite(*, organisation: Organisation, offer: Offer, by: User) -> Invitation:
    """Ask somebody to work for ``organisation``; mails the link.

    Whether the address has an account makes no difference here. A second invitation sends a new
    link and makes the former one invalid. Locks the organisation. Raises ``NotYours`` for a role
    that ``by`` may not give there, ``OwnAddress`` for an address of ``by``, ``WorksThere``, and
    ``TooManyTries`` above the limit per organisation and day.
    """
    email = normalise_email(offer.email)
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        if offer.role not in roles_to_give(by, organisation):
            raise NotYours
        if _is_address_of(by, email):
            raise OwnAddress
        members = Membership.objects.active().filter(organisation=organisation)
        if members.filter(user__email=email).exists():
            raise WorksThere
        limits.try_for("invitations", organisation.pk)
        Invitation.objects.filter(organisation=organisation, email=email).delete()
        invitation = Invitation.objects.create(
            organisation=organisation,
            name=offer.name,
            email=email,
            role=offer.role,
            until=offer.until,
            language=offer.language,
            invited_by=by,
        )
        security_log.record(SecurityEvent.Kind.INVITED, by=by, about=invitation)
        notifications.invited(invitation)
    return invitation


def _is_address_of(user: User, email: str) -> bool:
    """Whether ``email`` belongs to the account of ``user``, confirmed or not."""
    return email == user.email or EmailAddress.objects.filter(user=user, email=email).exists()


def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Make the link invalid. Idempotent. Raises ``NotYours``."""
    if invitation.role not in roles_to_give(by, invitation.organisation):
        raise NotYours
    with transaction.atomic():
        notifications.invitation_withdrawn(invitation)
        Invitation.objects.filter(pk=invitation.pk).delete()


def still_offered(public_id: uuid.UUID) -> Invitation:
    """The invitation, if its link still works. Raises ``InvitationGone``.

    It works only as long as the inviting person may give that role. So nobody whose access has
    ended can let somebody in with a link that they kept.
    """
    found = Invitation.objects.open().select_related("organisation", "invited_by")
    return _checked(found.filter(public_id=public_id).first())


def _checked(invitation: Invitation | None) -> Invitation:
    if invitation is None or invitation.invited_by is None:
        raise InvitationGone
    if invitation.until and invitation.until < timezone.localdate():
        raise InvitationGone
    if invitation.role not in roles_to_give(invitation.invited_by, invitation.organisation):
        raise InvitationGone
    return invitation


def accept_invitation(*, public_id: uuid.UUID) -> Membership:
    """Create the account if there is none, and the membership; deletes the invitation.

    Whoever has the link can read the mailbox, so the address counts as confirmed; a password that
    was set before that is removed. The account is found by any of its confirmed addresses. Nobody
    can accept their own invitation. Those who may end the role there get a mail. Locks the
    organisation, then the invitation, so that of two clicks at once the second finds it gone.
    Raises ``InvitationGone``.
    """
    with transaction.atomic():
        offered = still_offered(public_id)
        lock_organisation(offered.organisation_id)
        found = locked(Invitation.objects.filter(pk=offered.pk))
        invitation = _checked(found.select_related("organisation", "invited_by").first())
        user = _account(invitation)
        members = Membership.objects.active().filter(organisation=invitation.organisation)
        if not user.is_active or user == invitation.invited_by:
            raise InvitationGone
        if members.filter(user=user).exists():
            raise InvitationGone  # an old invitation must not replace a present role
        step = first_set_up_step(invitation)
        membership, created = Membership.objects.update_or_create(
            user=user,
            organisation=invitation.organisation,
            defaults={
                "role": invitation.role,
                "until": invitation.until,
                "language": invitation.language,
                "set_up_step": step,
            },
        )
        kinds = SecurityEvent.Kind
        kind = kinds.ROLE_GIVEN if created else kinds.ROLE_CHANGED
        security_log.record(kind, by=invitation.invited_by, about=membership)
        notifications.role_given(membership, by=invitation.invited_by)
        invitation.delete()
    return membership


def first_set_up_step(invitation: Invitation) -> int | None:
    """1 for whoever is the first to coordinate an organisation: they are led through its set-up."""
    there = Membership.objects.present().filter(organisation=invitation.organisation)
    is_first = invitation.role == Membership.Role.COORDINATOR and not there.exists()
    return 1 if is_first else None


def _account(invitation: Invitation) -> User:
    """The account of the invited address, which is confirmed now; created if there is none.

    Raises ``InvitationGone`` when another account confirms the same address at the same moment.
    """
    confirmed = EmailAddress.objects.filter(email=invitation.email, verified=True)
    holder = locked(User.objects.filter(pk__in=confirmed.values("user"))).first()
    if holder is not None:
        return holder
    user, created = locked(User.objects.all()).get_or_create(
        email=invitation.email, defaults={"name": invitation.name}
    )
    address = EmailAddress.objects.filter(user=user, email=invitation.email).first()
    if created or address is None or not address.verified:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if address is None:
        address = EmailAddress(user=user, email=invitation.email)
    address.verified = True
    others = EmailAddress.objects.filter(user=user, primary=True).exclude(pk=address.pk)
    address.primary = not others.exists()
    try:
        with transaction.atomic():
            address.save()
    except IntegrityError as error:
        raise InvitationGone from error
    return user
