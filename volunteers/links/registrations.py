"""Signed links about one registration: confirming it, and its page."""

import uuid

from django.conf import settings

from programs.models import Event

from ..models import Registration
from . import signing

CONFIRM = "registration.confirm"
PAGE = "registration.page"
DOOR = "event.door"


def confirm_url(registration: Registration) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days and until the event begins."""
    return signing.url_of("registration_confirm", signing.sign(CONFIRM, registration.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def door_token(event: Event) -> str:
    """Opens the page at the entrance of one event, for everybody who stands there."""
    return signing.keep(DOOR, event.uid)


def door_url(event: Event) -> str:
    return signing.url_of("door", door_token(event))


def read_door_token(value: str) -> uuid.UUID:
    """The ``uid`` of the event. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(DOOR, value))


def token(registration: Registration) -> str:
    """Opens the registration's page for as long as the registration is kept."""
    return signing.keep(PAGE, registration.public_id)


def read_token(value: str) -> uuid.UUID:
    """The public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, value))


def path(registration: Registration, view: str = "registration") -> str:
    """Path of the registration's page, or of another ``view`` of it."""
    return signing.path_of(view, token(registration))


def url(registration: Registration, view: str = "registration") -> str:
    return f"{settings.SITE_URL}{path(registration, view)}"
