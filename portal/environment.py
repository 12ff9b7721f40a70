"""Reading the environment: what production needs, values that do not fit, and what of it is no secret."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.environment_checks import FALSE, SECRET_KEY_COMMAND, TRUE, is_weak, wrong

__all__ = ["REQUIRED", "Environment", "is_weak", "load_settings", "require", "without_secrets"]

REQUIRED = {
    "SECRET_KEY": f"etwa aus {SECRET_KEY_COMMAND}",
    "SITE_URL": "etwa https://engagement.example.org",
    "DATABASE_URL": "etwa postgres://user:password@host:5432/name",
    "EMAIL_URL": "etwa smtp+tls://user:password@host:587",
    "DEFAULT_FROM_EMAIL": "etwa portal@example.org",
}
"""Variable without a default in production → an example or where to get the value."""
BY_PROVIDER = "nennt, wer die Anmeldung betreibt"
REQUIRED_FOR_SIGN_ON = {"OIDC_CLIENT_ID": BY_PROVIDER, "OIDC_CLIENT_SECRET": BY_PROVIDER}
"""The same for variables that are only needed if ``OIDC_SERVER_URL`` is set."""

SECRET = re.compile(r"KEY|SECRET|PASSWORD|TOKEN")
PUBLIC = {"CERTIFICATE_FORMER_KEYS"}
"""Variables whose name looks like one of a secret."""
PASSWORD = re.compile(r"(?<=://)([^:@/\s]*):[^@/\s]*@")


READS_ALL = (None, str)
NUMBERS = {
    str(int): (r"\d{1,9}", "muss eine ganze Zahl ab 0 sein"),
    str(float): (r"\d{1,9}(\.\d+)?", "muss eine Zahl ab 0 sein"),
    str([int]): (r"\s*\d{1,9}\s*(,\s*\d{1,9}\s*)*", "müssen ganze Zahlen mit Kommas sein"),
}
"""How a variable is read → how its value looks, and the sentence for one that does not."""


class Environment(environ.Env):
    """Notes which variables are read, and a number or switch that cannot be read as one.

    Then the default is taken, so that :func:`require` can name all of them at once. An empty number, switch or list
    counts as not set.
    """

    read: set[str] = set()
    unreadable: dict[str, str] = {}

    def get_value(self, var: str, cast: Any = None, default: Any = None, **how: Any) -> Any:
        self.read.add(var)
        raw = os.environ.get(var, "").strip()
        if cast in READS_ALL:
            return super().get_value(var, cast=cast, default=default, **how)
        problem = _unreadable(raw, cast)
        if problem:
            self.unreadable[var] = problem
        if problem or not raw:
            return default
        return super().get_value(var, cast=cast, default=default, **how)


def _unreadable(raw: str, cast: Any) -> str:
    """What is wrong with a number, a switch or a list; an empty text if nothing is."""
    if cast is bool:
        return "" if raw.lower() in TRUE | FALSE | {""} else "muss 1 oder 0 sein"
    numbers = NUMBERS.get(str(cast))
    if numbers is None or not raw:
        return ""
    pattern, sentence = numbers
    return "" if re.fullmatch(pattern, raw, re.ASCII) else sentence


def require(environment: Mapping[str, str]) -> None:
    """Raise ``ImproperlyConfigured`` with one sentence that names everything missing or wrong."""
    if found := list(_problems(environment)):
        raise ImproperlyConfigured(
            "Das Portal startet nicht, solange in der Umgebung etwas fehlt oder nicht stimmt: "
            f"{', '.join(found)}; docs/betrieb.md sagt unter „Einstellungen“, was das ist, und zum "
            "Ausprobieren genügt make demo."
        )


def _problems(environment: Mapping[str, str]) -> Iterator[str]:
    with_sign_on = environment.get("OIDC_SERVER_URL", "").strip()
    for name, how in (REQUIRED | (REQUIRED_FOR_SIGN_ON if with_sign_on else {})).items():
        if not environment.get(name, "").strip():
            yield f"{name} fehlt ({how})"
    yield from wrong(environment)
    yield from (f"{name} {problem}" for name, problem in Environment.unreadable.items())


def without_secrets() -> str:
    """The variables that the settings read and that are set, one a line; of secrets only that they are set."""
    lines = ["# Einstellungen des Portals ohne Geheimnisse; die bewahrt ein anderer Ort auf."]
    for name in sorted(Environment.read & os.environ.keys()):
        value = os.environ[name].replace("\n", " ")
        if SECRET.search(name) and name not in PUBLIC:
            lines.append(f"# {name} ist gesetzt (geheim)")
        else:
            shown = PASSWORD.sub(r"\1:…@", value)
            lines.append(f"{name}={shown}")
    return "\n".join(lines) + "\n"


def load_settings(status: int = 1) -> None:
    """Load the settings. If they are not valid, print the reason and end the process with ``status``."""
    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first access loads the settings
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(status)
