"""Signed links that open «Meine Seite»: all that belongs to somebody, by their addresses."""

from collections.abc import Iterable

from .signing import LinkExpired, path_of, read, read_mailed, sign, url_of

PERSON = "person"


def person_token(emails: Iterable[str]) -> str:
    """Opens «Meine Seite» of whoever these addresses belong to; mailed to one of them only.

    It opens everything at once, so it works for ``MAILED_LINK_DAYS`` and not for ever.
    """
    return sign(PERSON, "\n".join(emails))


def person_path(email: str) -> str:
    return path_of("my_page_by_link", person_token([email]))


def person_url(email: str) -> str:
    """Full address of «Meine Seite», for mails to ``email``."""
    return url_of("my_page_by_link", person_token([email]))


def read_person_token(token: str) -> tuple[str, ...]:
    """The addresses. Raises ``LinkExpired``, or ``WrongLink`` for a token that is not ours."""
    try:
        return tuple(read_mailed(PERSON, token).split("\n"))
    except LinkExpired as over:
        over.renew_url = path_of("my_page_new_link", token)
        raise


def mailbox_of(token: str) -> str:
    """Where a fresh link goes, of a token of any age. Raises ``WrongLink`` as above."""
    return read(PERSON, token).split("\n")[0]
