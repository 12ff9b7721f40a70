"""Signed links about „Das sind wir“: confirming it, and where it stands."""

import uuid

from ..models import AccessRequest
from . import signing

CONFIRM = "access_request.confirm"
PAGE = "access_request.page"


def confirm_url(asked: AccessRequest) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return signing.url_of("access_confirm", signing.sign(CONFIRM, asked.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def token(asked: AccessRequest) -> str:
    return signing.keep(PAGE, asked.public_id)


def path(asked: AccessRequest) -> str:
    return signing.path_of("access_request", token(asked))


def url(asked: AccessRequest) -> str:
    return signing.url_of("access_request", token(asked))


def read_token(value: str) -> uuid.UUID:
    """The public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, value))
