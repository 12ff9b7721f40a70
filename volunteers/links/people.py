"""Signed links that open «Meine Seite»: everything of one person, by their addresses."""

from collections.abc import Iterable

from .signing import LinkExpired, path_of, read, read_mailed, sign, url_of

PERSON = "person"


def person_token(emails: Iterable[str]) -> str:
    """Opens «Meine Seite» of the person with these addresses; mailed only to one of them.

    It opens everything at once, so it expires after ``MAILED_LINK_DAYS``.
    """
    return sign(PERSON, "\n".join(emails))


def person_path(email: str) -> str:
    return path_of("my_page_by_link", person_token([email]))


def person_url(email: str) -> str:
    """Absolute URL of «Meine Seite», for mails to ``email``."""
    return url_of("my_page_by_link", person_token([email]))


def read_person_token(token: str) -> tuple[str, ...]:
    """The addresses. Raises ``LinkExpired``, or ``WrongLink`` for an invalid token."""
    try:
        return tuple(read_mailed(PERSON, token).split("\n"))
    except LinkExpired as over:
        over.renew_url = path_of("my_page_new_link", token)
        raise


def mailbox_of(token: str) -> str:
    """The address for a new link, from a token of any age. Raises ``WrongLink`` for an invalid token."""
    return read(PERSON, token).split("\n")[0]
