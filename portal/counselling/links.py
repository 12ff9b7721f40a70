"""Signed links about a request for counselling: confirming it, and the page where both sides write."""

import uuid

from django.conf import settings
from django.urls import reverse

from volunteers.links import above, signing

from .models import CounsellingRequest

CONFIRM = "counselling.confirm"
PAGE = above.COUNSELLING


def confirm_url(asked: CounsellingRequest) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    return _url("counselling_confirm", signing.sign(CONFIRM, asked.public_id))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def token(asked: CounsellingRequest) -> str:
    return above.counselling_token(asked.public_id)


def path(asked: CounsellingRequest) -> str:
    return above.counselling_path(asked.public_id)


def url(asked: CounsellingRequest) -> str:
    return _url("counselling_page", token(asked))


def read_token(value: str) -> uuid.UUID:
    """The public id. Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, value))


def _url(view: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'portal:{view}', args=[token])}"
