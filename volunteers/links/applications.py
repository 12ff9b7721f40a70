"""Signed links about one application: confirming it, its status page, „wurden Sie kontaktiert?“."""

import uuid

from django.conf import settings

from ..models import Application
from .signing import Confirmation, keep, path_of, read_confirmation, read_kept, sign, url_of

CONFIRM = "application.confirm"


STATUS = "application.status"


CONTACT = "application.contact"


def confirm_url(application: Application) -> str:
    """Absolute URL that confirms ``application``; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return url_of("confirm", sign(CONFIRM, application.public_id))


def status_token(application: Application) -> str:
    return keep(STATUS, application.public_id)


def status_path(application: Application) -> str:
    return path_of("status", status_token(application))


def status_url(application: Application) -> str:
    """Absolute URL of the status page; works as long as the application is kept."""
    return url_of("status", status_token(application))


def contact_path(application: Application, answer: str) -> str:
    """Path of the page that stores ``answer`` („ja“, „nein“) to „wurden Sie kontaktiert?“."""
    return path_of("contact", sign(CONTACT, application.public_id), answer)


def contact_url(application: Application, answer: str) -> str:
    """The absolute URL of that page, for the mail."""
    return f"{settings.SITE_URL}{contact_path(application, answer)}"


def read_confirm_token(token: str) -> Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return read_confirmation(CONFIRM, token)


def read_status_token(token: str) -> uuid.UUID:
    """The application's public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(read_kept(STATUS, token))
