"""Keyed hashes that outlive a change of ``SECRET_KEY``.

A seal is inside a signed link: it holds as long as the key that signed the link is the current one or one of
``SECRET_KEY_FALLBACKS``. A mark is stored, so that an address is known again that nobody may read from it: it
also holds with a key of ``SECRET_KEY_RETIRED``, which signs and opens nothing any more.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def keyed(salt: str, text: str) -> str:
    """The hash with the current key, to be sent or stored."""
    return _with(settings.SECRET_KEY, salt, text)


def known_marks(salt: str, text: str) -> list[str]:
    """All marks of ``text`` that may be stored, the current one first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, *settings.SECRET_KEY_RETIRED]
    return [_with(key, salt, text) for key in keys]


def is_sealed(salt: str, text: str, seal: str, *, letters: int = 64) -> bool:
    """Whether ``seal`` is the hash of ``text``, or its first ``letters``, if only these were sent."""
    keys: Iterable[str] = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(_with(key, salt, text)[:letters], seal) for key in keys)


def _with(key: str, salt: str, text: str) -> str:
    return salted_hmac(salt, text, secret=key, algorithm="sha256").hexdigest()
