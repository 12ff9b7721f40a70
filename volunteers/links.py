"""Signed links in mails: each purpose has its own salt, so no link opens anything else."""

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import Application

CONFIRM_SALT = "volunteers.application.confirm"
STATUS_SALT = "volunteers.application.status"


class LinkExpired(Exception):
    """The link was right once; its time is over."""


def confirm_url(application: Application) -> str:
    """Full address that confirms ``application``; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    token = signing.dumps(str(application.public_id), salt=CONFIRM_SALT)
    return f"{settings.SITE_URL}{reverse('volunteers:confirm', args=[token])}"


def status_path(application: Application) -> str:
    token = signing.Signer(salt=STATUS_SALT).sign(str(application.public_id))
    return reverse("volunteers:status", args=[token])


def status_url(application: Application) -> str:
    """Full address of the status page; works as long as the application is kept."""
    return f"{settings.SITE_URL}{status_path(application)}"


def read_confirm_token(token: str) -> uuid.UUID:
    """The application's public id. Raises ``LinkExpired``, or ``ValueError`` for any other token."""
    max_age = settings.SIGN_UP_CONFIRMATION_DAYS * 24 * 3600
    try:
        return uuid.UUID(signing.loads(token, salt=CONFIRM_SALT, max_age=max_age))
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise ValueError("not a confirmation token") from error


def read_status_token(token: str) -> uuid.UUID:
    """The application's public id. Raises ``ValueError`` for a token that is not ours."""
    try:
        return uuid.UUID(signing.Signer(salt=STATUS_SALT).unsign(token))
    except signing.BadSignature as error:
        raise ValueError("not a status token") from error
