"""Signed links in mails. Each purpose has its own salt, so a link opens nothing else.

A token carries the public id of its record. For a tandem it also says to which side it was mailed.
What a link may do at the moment depends on the record's state, not on the token.
"""

import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.urls import reverse

M = TypeVar("M", bound=Model)


class WrongLink(Exception):
    """The token was not signed by the portal, or it was signed for something else."""


class LinkExpired(Exception):
    """The token is valid, but has expired, or its record is deleted.

    ``renew_url`` is the page that mails a new one, if there is one.
    """

    renew_url = ""


def sign(purpose: str, value: object) -> str:
    """A token for ``value`` with a timestamp; :func:`read` accepts it for the same purpose only."""
    return signing.dumps(str(value), salt=f"volunteers.{purpose}")


def read(purpose: str, token: str, *, max_age: int | None = None) -> str:
    """The signed value. Raises ``LinkExpired`` after ``max_age`` seconds, ``WrongLink`` for an invalid token."""
    try:
        value: str = signing.loads(token, salt=f"volunteers.{purpose}", max_age=max_age)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise WrongLink from error
    return value


def read_id(purpose: str, token: str, *, max_age: int | None = None) -> uuid.UUID:
    """The signed public id; raises the same errors as :func:`read`."""
    return uuid.UUID(read(purpose, token, max_age=max_age))


def keep(purpose: str, value: object) -> str:
    """A token without a timestamp, always the same, for addresses that people keep."""
    return _keeping(purpose).sign(str(value))


def read_kept(purpose: str, token: str) -> str:
    """The value that :func:`keep` signed. Raises ``WrongLink`` for an invalid token."""
    try:
        return _keeping(purpose).unsign(token)
    except signing.BadSignature as error:
        raise WrongLink from error


def _keeping(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"volunteers.{purpose}")


@dataclass(frozen=True)
class Confirmation:
    """What a confirmation link says: which record, and whether it may still be confirmed."""

    public_id: uuid.UUID
    is_over: bool
    """``SIGN_UP_CONFIRMATION_DAYS`` have passed. The link then only leads to what is confirmed."""


def read_confirmation(purpose: str, token: str) -> Confirmation:
    """Raises ``WrongLink`` for an invalid token."""
    public_id = read_id(purpose, token)
    try:
        read_id(purpose, token, max_age=settings.SIGN_UP_CONFIRMATION_DAYS * 24 * 3600)
    except LinkExpired:
        return Confirmation(public_id, is_over=True)
    return Confirmation(public_id, is_over=False)


def read_mailed(purpose: str, token: str) -> str:
    """The signed value, within ``MAILED_LINK_DAYS``; see :func:`read`."""
    return read(purpose, token, max_age=settings.MAILED_LINK_DAYS * 24 * 3600)


def find(records: QuerySet[M], **lookup: object) -> M:
    """The record of a valid token. Raises ``LinkExpired`` when it has been deleted."""
    try:
        return records.get(**lookup)
    except ObjectDoesNotExist:
        raise LinkExpired from None


def path_of(view: str, *args: str) -> str:
    return reverse(f"volunteers:{view}", args=args)


def url_of(view: str, *args: str) -> str:
    """Absolute URL, for mails."""
    return f"{settings.SITE_URL}{path_of(view, *args)}"
