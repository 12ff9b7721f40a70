"""Signed links about a proposed organisation: confirming it, and where it stands."""

import uuid

from ..models import OrganisationProposal
from . import signing

CONFIRM = "organisation_proposal.confirm"
PAGE = "organisation_proposal.page"


def confirm_url(proposal: OrganisationProposal) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return signing.url_of("proposal_confirm", signing.sign(CONFIRM, proposal.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def token(proposal: OrganisationProposal) -> str:
    return signing.keep(PAGE, proposal.public_id)


def path(proposal: OrganisationProposal) -> str:
    return signing.path_of("proposal", token(proposal))


def url(proposal: OrganisationProposal) -> str:
    return signing.url_of("proposal", token(proposal))


def read_token(value: str) -> uuid.UUID:
    """The public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, value))
