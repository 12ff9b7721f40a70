"""Links that open «Meine Daten» or change the address. They allow everything, so they work for hours only."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models.users import normalise_email
from . import signing

PURPOSE = "person.data"
NEW_ADDRESS = "person.address"


def token_for(emails: Iterable[str]) -> str:
    """Opens «Meine Daten» of these addresses; mailed to one of them, or shown to their logged-in account."""
    return signing.sign(PURPOSE, "\n".join(emails))


def url_for(email: str) -> str:
    """Absolute URL for the mail; works ``MY_DATA_LINK_HOURS`` hours."""
    return signing.url_of("my_data_by_link", token_for([email]))


def read(token: str) -> tuple[str, ...]:
    """The addresses. Raises ``LinkExpired``, or ``WrongLink`` for an invalid token."""
    signed = signing.read(PURPOSE, token, max_age=settings.MY_DATA_LINK_HOURS * 3600)
    return tuple(signed.split("\n"))


def read_old(token: str) -> tuple[str, ...]:
    """The addresses of a link that may have expired; use it only to mail a new link there."""
    return tuple(map(normalise_email, signing.read(PURPOSE, token).split("\n")))


def new_address_url(known_by: Iterable[Any], new: str) -> str:
    """Absolute URL of the page that makes ``new`` the address of all records of a person.

    ``known_by`` has one record for each old address. The mailbox may be a stranger's, so the token
    does not contain the old addresses. It has the primary keys of the records, and a keyed hash
    with which :func:`read_new_address` checks that their addresses have not changed since.
    """
    records = list(known_by)
    names = " ".join(f"{one._meta.label}:{one.pk}" for one in records)
    old = _seal([one.email for one in records])
    return signing.url_of("new_address", signing.sign(NEW_ADDRESS, f"{names}\n{old}\n{new}"))


def read_new_address(token: str) -> tuple[tuple[str, ...], str]:
    """The old addresses and the new one.

    Raises ``LinkExpired`` after ``MY_DATA_LINK_HOURS``, or when a record has another address by
    now; ``WrongLink`` for an invalid token.
    """
    signed = signing.read(NEW_ADDRESS, token, max_age=settings.MY_DATA_LINK_HOURS * 3600)
    names, old, new = signed.split("\n")
    emails = []
    for label, number in (name.split(":") for name in names.split()):
        record: Any = signing.find(apps.get_model(label)._default_manager.all(), pk=number)
        emails.append(str(record.email))
    if not constant_time_compare(_seal(emails), old):
        raise signing.LinkExpired
    return tuple(emails), new


def _seal(emails: list[str]) -> str:
    value = "\n".join(emails)
    return salted_hmac(f"volunteers.{NEW_ADDRESS}", value, algorithm="sha256").hexdigest()
