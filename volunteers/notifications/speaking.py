"""In which language a mail is made: that of whoever reads it, whatever page somebody is looking at.

Each function that mails has one of these decorators, so subject, dates, plurals, links, calendar files and the
words around them are in one language. Those that know nothing but an address speak that of the page on
which the mail was asked for, and say so with :func:`as_asked`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from operator import attrgetter
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

from ..models.companions import Side, Tandem
from ..models.reading import known_language

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def speaking(language: str) -> AbstractContextManager[None]:
    return translation.override(known_language(language))


def to_staff(tell: Callable[P, R]) -> Callable[P, R]:
    """To those who work for the city or an organisation: German."""

    @wraps(tell)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(settings.LANGUAGE_CODE):
            return tell(*args, **kwargs)

    return told


def to_person(
    way: str = "",
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[Concatenate[T, P], R]]:
    """To the person of the first argument; ``way`` leads from it to the record with the address."""
    language_of = attrgetter(".".join(filter(None, [way, "preferred_language"])))

    def decorate(tell: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
        @wraps(tell)
        def told(about: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with speaking(language_of(about)):
                return tell(about, *args, **kwargs)

        return told

    return decorate


def to_side(
    tell: Callable[Concatenate[Tandem, Side, P], R],
) -> Callable[Concatenate[Tandem, Side, P], R]:
    """To one side of a tandem."""

    @wraps(tell)
    def told(tandem: Tandem, side: Side, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(language_of(tandem, side)):
            return tell(tandem, side, *args, **kwargs)

    return told


def language_of(tandem: Tandem, side: Side) -> str:
    person: Any = tandem.request if side == Side.NEWCOMER else tandem.application
    return str(person.preferred_language)


def as_asked(tell: Callable[P, R]) -> Callable[P, R]:
    """To an address that somebody typed a moment ago: in the language of that page."""
    return tell
