"""The signed link by which somebody follows what became of their concern; it shows no word of it."""

import uuid

from ..models import Concern
from . import signing

STATE = "concern.state"


def token_of(concern: Concern) -> str:
    """Always the same, and good as long as the concern is kept."""
    return signing.keep(STATE, concern.public_id)


def state_url(concern: Concern) -> str:
    return signing.url_of("concern_state", token_of(concern))


def read_state_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(STATE, token))
