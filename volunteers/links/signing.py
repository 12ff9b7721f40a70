"""Signed links in mails: each purpose has its own salt, so no link opens anything else.

A link carries the public id of the record that it is about, and where two people answer about one
record, who of them it was mailed to. What a link may still do is for the record's state to say.
"""

import uuid
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.db.models import Model, QuerySet
from django.urls import reverse

M = TypeVar("M", bound=Model)


class WrongLink(Exception):
    """What was sent is no token of ours, or one for something else."""


class LinkExpired(Exception):
    """The link was right once; its time is over, or what it opened is gone.

    ``renew_url`` is where a fresh one can be asked for, if it can.
    """

    renew_url = ""


def sign(purpose: str, value: object) -> str:
    """A token for ``value``, with its time, that :func:`read` takes back for the same purpose."""
    return signing.dumps(str(value), salt=f"volunteers.{purpose}")


def read(purpose: str, token: str, *, max_age: int | None = None) -> str:
    """What was signed. Raises ``LinkExpired`` after ``max_age`` seconds, else ``WrongLink``."""
    try:
        value: str = signing.loads(token, salt=f"volunteers.{purpose}", max_age=max_age)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise WrongLink from error
    return value


def read_id(purpose: str, token: str, *, max_age: int | None = None) -> uuid.UUID:
    """The public id that was signed; raises as :func:`read`."""
    return uuid.UUID(read(purpose, token, max_age=max_age))


def keep(purpose: str, value: object) -> str:
    """The same token every time: for addresses that people keep."""
    return _keeping(purpose).sign(str(value))


def read_kept(purpose: str, token: str) -> str:
    """What :func:`keep` signed. Raises ``WrongLink`` for a token that is not ours."""
    try:
        return _keeping(purpose).unsign(token)
    except signing.BadSignature as error:
        raise WrongLink from error


def _keeping(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"volunteers.{purpose}")


def read_confirmation(purpose: str, token: str) -> uuid.UUID:
    """The public id of what is to be confirmed, within ``SIGN_UP_CONFIRMATION_DAYS``; as :func:`read`."""
    return read_id(purpose, token, max_age=settings.SIGN_UP_CONFIRMATION_DAYS * 24 * 3600)


def read_mailed(purpose: str, token: str) -> str:
    """What was signed, within ``MAILED_LINK_DAYS``; as :func:`read`."""
    return read(purpose, token, max_age=settings.MAILED_LINK_DAYS * 24 * 3600)


def find(records: QuerySet[M], **lookup: object) -> M:
    """The record that a token of ours names. Raises ``LinkExpired`` when it is deleted by now."""
    found = records.filter(**lookup).first()
    if found is None:
        raise LinkExpired
    return found


def path_of(view: str, *args: str) -> str:
    return reverse(f"volunteers:{view}", args=args)


def url_of(view: str, *args: str) -> str:
    """Full address, as mails need it."""
    return f"{settings.SITE_URL}{path_of(view, *args)}"
