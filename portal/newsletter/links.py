"""Signed links of the newsletter, and the headers with which a mail program leaves it (RFC 8058)."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from volunteers.links import signing, stopping

from .models import Subscription

CONFIRM = "newsletter.confirm"
PAGE = "newsletter.page"
LEAVE = "newsletter.leave"


def confirm_url(subscription: Subscription) -> str:
    """Absolute URL that confirms; valid ``SIGN_UP_CONFIRMATION_DAYS`` days."""
    token = signing.sign(CONFIRM, subscription.public_id)
    return _absolute(reverse("portal:newsletter_confirm", args=[token]))


def read_confirm_token(token: str) -> signing.Confirmation:
    """Raises ``WrongLink`` for any other token."""
    return signing.read_confirmation(CONFIRM, token)


def page_token(subscription: Subscription) -> str:
    return signing.keep(PAGE, subscription.public_id)


def page_path(subscription: Subscription) -> str:
    """Where somebody changes what they get; works as long as the subscription is kept."""
    return reverse("portal:newsletter_page", args=[page_token(subscription)])


def page_url(subscription: Subscription) -> str:
    return _absolute(page_path(subscription))


def read_page_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(PAGE, token))


def leave_token(subscription: Subscription) -> str:
    return signing.keep(LEAVE, subscription.public_id)


def leave_path(subscription: Subscription) -> str:
    return reverse("portal:newsletter_leave", args=[leave_token(subscription)])


def leave_url(subscription: Subscription) -> str:
    """Where a GET asks and a POST leaves. It has no end, because an issue may be old when somebody has enough."""
    return _absolute(leave_path(subscription))


def read_leave_token(token: str) -> uuid.UUID:
    """Raises ``WrongLink`` for an invalid token."""
    return uuid.UUID(signing.read_kept(LEAVE, token))


def headers(subscription: Subscription) -> dict[str, str]:
    """For each issue: the button of the mail program that leaves, and the list (RFC 2919)."""
    host = urlsplit(settings.SITE_URL).hostname
    name = _("Newsletter")
    return {"List-Id": f"{name} <newsletter.{host}>"} | stopping.one_click(leave_url(subscription))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
