"""Mails about access to the administration."""

from django.utils.translation import gettext as _

from programs.addresses import admin_url
from programs.models import Membership

from ..links import signing
from ..models import Invitation, User
from . import outbox
from .people import because_of_work
from .sending import News, send
from .speaking import to_staff

INVITATION = "invitation"
NOTIFIED_OF_ROLES = (Membership.Role.COORDINATOR, Membership.Role.STAFF)
"""Roles that may end accesses in their own organisation, and so get a mail about new ones."""


@to_staff
def invited(invitation: Invitation) -> None:
    """Mail the link. The mail contains nothing that was typed into the form."""
    send(
        invitation.email,
        _("Einladung, im Freiwilligenportal Stuttgart mitzuarbeiten"),
        "accesses/invitation",
        offer=invitation.organisation.title,
        unasked=True,
        news=News(_topic(invitation), "", "invited"),
        invitation=invitation,
        url=signing.url_of("invitation", signing.sign(INVITATION, invitation.public_id)),
    )


def _topic(invitation: Invitation) -> str:
    return f"invitation.{invitation.pk}"


def invitation_withdrawn(invitation: Invitation) -> None:
    """There is no mail about it; the invitation is not mailed if that has not happened yet."""
    outbox.take_back(_topic(invitation), was="")


@to_staff
def role_given(membership: Membership, *, by: User | None) -> None:
    """To everybody who may end it in that organisation: who got which role, from whom, and where to end it.

    So nobody gets a role unnoticed, least of all from a department above. Whoever gave it and
    whoever got it get no mail.
    """
    organisation, user = membership.organisation, membership.user
    there = Membership.objects.present().filter(
        organisation=organisation, role__in=NOTIFIED_OF_ROLES
    )
    others = there.exclude(user=membership.user_id).exclude(user=by)
    for address in others.values_list("user__email", flat=True):
        send(
            address,
            _("Jemand hat eine Rolle bekommen"),
            "accesses/role_given",
            offer=organisation.title,
            why=because_of_work(organisation),
            membership=membership,
            who=f"{user.name} ({user.email})" if user.name else user.email,
            organisation=organisation,
            by=by,
            url=admin_url(organisation, "access"),
        )


@to_staff
def access_ended(membership: Membership) -> None:
    """To the person: the access has ended, and whom to ask."""
    send(
        membership.user.email,
        _("Ihr Zugang zum Freiwilligenportal Stuttgart ist beendet"),
        "accesses/ended",
        organisation=membership.organisation,
        role=membership.get_role_display(),
    )
