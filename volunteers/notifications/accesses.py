"""Mails about who works for an organisation in the portal."""

from django.utils.translation import gettext as _

from programs.models import Membership

from .. import links
from ..models import Invitation
from .sending import send

INVITATION = "invitation"


def invited(invitation: Invitation) -> None:
    """The link. Nothing stands in the mail that was typed into the form."""
    send(
        invitation.email,
        _("Einladung, im Freiwilligenportal Stuttgart mitzuarbeiten"),
        "invitation",
        invitation=invitation,
        url=links.url_of("invitation", links.sign(INVITATION, invitation.public_id)),
    )


def access_ended(membership: Membership) -> None:
    """To the person: the access is over, and whom to ask."""
    send(
        membership.user.email,
        _("Ihr Zugang zum Freiwilligenportal Stuttgart ist beendet"),
        "access_ended",
        organisation=membership.organisation,
        role=membership.get_role_display(),
    )
