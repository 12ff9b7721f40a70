"""The environment variables that production needs."""

import re
import sys
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GOOD_KEY = "etwa aus python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
REQUIRED = {
    "SECRET_KEY": GOOD_KEY,
    "SITE_URL": "etwa https://engagement.example.org",
    "DATABASE_URL": "etwa postgres://user:password@host:5432/name",
    "EMAIL_URL": "etwa smtp+tls://user:password@host:587",
    "DEFAULT_FROM_EMAIL": "etwa portal@example.org",
}
"""Variable without a default in production → an example or where to get the value."""
BY_PROVIDER = "nennt, wer die Anmeldung betreibt"
REQUIRED_FOR_SIGN_ON = {"OIDC_CLIENT_ID": BY_PROVIDER, "OIDC_CLIENT_SECRET": BY_PROVIDER}
"""The same for variables that are only needed if ``OIDC_SERVER_URL`` is set."""

KEY_LENGTH = 50
KEY_LETTERS = 10
PLACEHOLDERS = (
    "change-me change_me changeme demo-key django-insecure example insecure only-for-this-check "
    "placeholder secret-key secret_key secretkey your-key"
).split()
"""Parts of keys that are published in manuals, templates or this repository."""


def require(environment: Mapping[str, str]) -> None:
    """Raise ``ImproperlyConfigured`` with one sentence that names everything missing or wrong."""
    if found := list(_problems(environment)):
        raise ImproperlyConfigured(
            "Das Portal startet nicht, solange in der Umgebung etwas fehlt oder nicht stimmt: "
            f"{', '.join(found)}; README.md sagt unter „Running it for real“, was das ist, und zum "
            "Ausprobieren genügt make demo."
        )


def _problems(environment: Mapping[str, str]) -> Iterator[str]:
    with_sign_on = environment.get("OIDC_SERVER_URL", "").strip()
    for name, how in (REQUIRED | (REQUIRED_FOR_SIGN_ON if with_sign_on else {})).items():
        if not environment.get(name, "").strip():
            yield f"{name} fehlt ({how})"
    key = environment.get("SECRET_KEY", "").strip()
    signing = environment.get("CERTIFICATE_KEY", "").strip()
    if signing and not re.fullmatch(r"[\w-]{43}\.[\w-]{43}", signing, re.ASCII):
        yield "CERTIFICATE_KEY stimmt nicht (aus manage.py certificate_key)"
    if key and is_weak(key):
        yield (f"SECRET_KEY ist zu schwach (nötig sind {KEY_LENGTH} zufällige Zeichen, {GOOD_KEY})")


def is_weak(key: str) -> bool:
    """Whether ``key`` is short, has few different characters or contains a published part."""
    is_public = any(part in key.lower() for part in PLACEHOLDERS)
    return len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS or is_public


def load_settings(status: int = 1) -> None:
    """Load the settings. If they are not valid, print the reason and end the process with ``status``."""
    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first access loads the settings
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(status)
