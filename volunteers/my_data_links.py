"""Links that open «Meine Daten»: they show and delete everything, so they work for hours only."""

from collections.abc import Iterable

from django.conf import settings

from . import links
from .models.users import normalise_email

PURPOSE = "person.data"


def token_for(emails: Iterable[str]) -> str:
    """Opens «Meine Daten» of these addresses; mailed to one of them, or shown to their account."""
    return links.sign(PURPOSE, "\n".join(emails))


def url_for(email: str) -> str:
    """Full address, for the mail; works ``MY_DATA_LINK_HOURS`` hours."""
    return links.url_of("my_data_by_link", token_for([email]))


def read(token: str) -> tuple[str, ...]:
    """The addresses. Raises ``LinkExpired``, or ``ValueError`` for a token that is not ours."""
    told = links.read(PURPOSE, token, max_age=settings.MY_DATA_LINK_HOURS * 3600)
    return tuple(told.split("\n"))


def read_old(token: str) -> tuple[str, ...]:
    """The addresses of a link whose time may be over: only to mail a new one there."""
    return tuple(map(normalise_email, links.read(PURPOSE, token).split("\n")))
