"""Short links: a signed link is longer than a line of a text mail, and some programs break it there.

A short link is random and leads to the signed one, whose own rules hold: what it opens, until when,
how often. The database keeps a digest of the short link, and the signed one encrypted with it. So
a copy of the database opens nothing, and nobody can find out whose link a row is.
"""

import base64
import hashlib
import re
import secrets

from cryptography.fernet import Fernet
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from ..models import ShortLink
from .signing import WrongLink

LINE = 76
"""What a line of a text mail holds (RFC 2045, 6.7)."""
RANDOM_BYTES = 16


def shorten(text: str) -> str:
    """``text`` with a short link in place of every address of the portal that is longer than a line."""
    made: dict[str, str] = {}
    rows = []
    for url in dict.fromkeys(_own_addresses(text)):
        if len(url) > LINE:
            key = secrets.token_urlsafe(RANDOM_BYTES)
            rows.append(_row(key, url.removeprefix(settings.SITE_URL)))
            with translation.override(
                settings.LANGUAGE_CODE
            ):  # what it stands for names the language
                made[url] = settings.SITE_URL + reverse("volunteers:short", args=[key])
    ShortLink.objects.bulk_create(rows)
    return _pattern().sub(lambda found: made.get(found[0], found[0]), text)


def address_of(key: str) -> str:
    """The path that a short link stands for. Raises ``WrongLink`` for one that the portal does not know."""
    row = ShortLink.objects.filter(pk=_digest(key)).first()
    if row is None:
        raise WrongLink
    if row.used_on < (today := timezone.localdate()):
        ShortLink.objects.filter(pk=row.pk).update(used_on=today)
    return _cipher(key).decrypt(bytes(row.address)).decode()


def _own_addresses(text: str) -> list[str]:
    return _pattern().findall(text)


def _pattern() -> re.Pattern[str]:
    return re.compile(re.escape(f"{settings.SITE_URL}{settings.SITE_PATH}/") + r"\S+")


def _row(key: str, path: str) -> ShortLink:
    return ShortLink(digest=_digest(key), address=_cipher(key).encrypt(path.encode()))


def _digest(key: str) -> str:
    return hashlib.sha256(f"digest {key}".encode()).hexdigest()


def _cipher(key: str) -> Fernet:
    secret = hashlib.sha256(f"cipher {key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
