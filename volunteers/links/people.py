"""Signed links that open „Meine Seite“: everything of one person."""

from typing import Any

from .signing import LinkExpired, path_of, read, read_mailed, sign, url_of
from .whose import Whose, unpacked, whose

PERSON = "person"


def person_token(person: Whose) -> str:
    """Opens „Meine Seite“ of the person; mailed only to one of the addresses.

    It opens everything at once, so it expires after ``MAILED_LINK_DAYS``.
    """
    return sign(PERSON, person.packed())


def my_page_url(person: Whose) -> str:
    """Absolute URL of „Meine Seite“ of the person, for mails to one of the addresses."""
    return url_of("my_page_by_link", person_token(person))


def person_path(record: Any) -> str:
    """Path of „Meine Seite“ of the person whom ``record`` is about."""
    return path_of("my_page_by_link", person_token(whose(record)))


def person_url(record: Any) -> str:
    """Absolute URL of the same page, for mails to the address of ``record``."""
    return my_page_url(whose(record))


def read_person_token(token: str) -> Whose:
    """The person. Raises ``LinkExpired``, or ``WrongLink`` for an invalid token."""
    try:
        return unpacked(read_mailed(PERSON, token))
    except LinkExpired as over:
        over.renew_url = path_of("my_page_new_link", token)
        raise


def mailbox_of(token: str) -> str:
    """The address for a new link, from a token of any age. Raises ``WrongLink`` for an invalid token."""
    return unpacked(read(PERSON, token)).emails[0]
