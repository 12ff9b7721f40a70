"""Signed links of saved searches. Each names one search; the page behind it is about all of its address."""

import uuid

from django.conf import settings
from django.urls import reverse

from volunteers.links import signing

from .models import SavedSearch

CONFIRM = "saved_search.confirm"
PAGE = "saved_search.page"
LEAVE = "saved_search.leave"


def confirm_url(search: SavedSearch) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    token = signing.sign(CONFIRM, search.public_id)
    return _absolute(reverse("portal:saved_search_confirm", args=[token]))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def page_token(search: SavedSearch) -> str:
    return signing.keep(PAGE, search.public_id)


def page_path(search: SavedSearch) -> str:
    """Where somebody sees what their address hears of; works as long as the search is kept."""
    return reverse("portal:saved_search_page", args=[page_token(search)])


def page_url(search: SavedSearch) -> str:
    return _absolute(page_path(search))


def read_page_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, token))


def resume_path(search: SavedSearch) -> str:
    return reverse("portal:saved_search_resume", args=[page_token(search)])


def leave_token(search: SavedSearch) -> str:
    return signing.keep(LEAVE, search.public_id)


def leave_path(search: SavedSearch) -> str:
    return reverse("portal:saved_search_leave", args=[leave_token(search)])


def leave_url(search: SavedSearch) -> str:
    """Where a GET asks and a POST leaves. It has no end, because a mail may be old when somebody has enough."""
    return _absolute(leave_path(search))


def read_leave_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(LEAVE, token))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
