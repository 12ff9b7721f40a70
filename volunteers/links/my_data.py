"""Links that open „Meine Daten“ or change the address. They allow everything, so they work for hours only."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings

from ..keyed import is_sealed, keyed
from ..models.users import normalise_email
from . import signing
from .whose import Whose, unpacked, whose

PURPOSE = "person.data"
NEW_ADDRESS = "person.address"
SALT = f"volunteers.{NEW_ADDRESS}"


def token_for(person: Whose) -> str:
    """Opens „Meine Daten“ of the person; mailed to one of the addresses, or shown to their logged-in account."""
    return signing.sign(PURPOSE, person.packed())


def url_for(person: Whose) -> str:
    """Absolute URL for the mail; works ``MY_DATA_LINK_HOURS`` hours."""
    return signing.url_of("my_data_by_link", token_for(person))


def read(token: str) -> Whose:
    """The person. Raises ``LinkExpired``, or ``WrongLink`` for an invalid token."""
    return unpacked(signing.read(PURPOSE, token, max_age=settings.MY_DATA_LINK_HOURS * 3600))


def mailbox_of(token: str) -> str:
    """The address of a link that may have expired; use it only to mail a new link there."""
    return normalise_email(unpacked(signing.read(PURPOSE, token)).emails[0])


def new_address_url(known_by: Iterable[Any], new: str) -> str:
    """Absolute URL of the page that makes ``new`` the address of all records of a person.

    ``known_by`` has one record of the person for each old address. The mailbox may be a stranger's, so the token
    does not contain the old addresses. It has the primary keys of the records, and a keyed hash
    with which :func:`read_new_address` checks that their addresses have not changed since.
    """
    records = list(known_by)
    names = " ".join(f"{one._meta.label}:{one.pk}" for one in records)
    old = keyed(SALT, "\n".join(one.email for one in records))
    return signing.url_of("new_address", signing.sign(NEW_ADDRESS, f"{names}\n{old}\n{new}"))


def read_new_address(token: str) -> tuple[Whose, str]:
    """The person with the old addresses, and the new one.

    Raises ``LinkExpired`` after ``MY_DATA_LINK_HOURS``, or when a record has another address by
    now; ``WrongLink`` for an invalid token.
    """
    signed = signing.read(NEW_ADDRESS, token, max_age=settings.MY_DATA_LINK_HOURS * 3600)
    names, old, new = signed.split("\n")
    emails, person = [], Whose(())
    for label, number in (name.split(":") for name in names.split()):
        record: Any = signing.find(apps.get_model(label)._default_manager.all(), pk=number)
        emails.append(str(record.email))
        person = whose(record)
    if not is_sealed(SALT, "\n".join(emails), old):
        raise signing.LinkExpired
    return Whose(tuple(emails), person.ref), new
