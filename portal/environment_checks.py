"""What the value of each environment variable has to look like, with a sentence for each that does not.

The sentences name no value that could be a secret. Empty variables count as not set.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

SECRET_KEY_COMMAND = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105
KEY_LENGTH = 50
KEY_LETTERS = 10
PLACEHOLDERS = (
    "change-me change_me changeme demo-key django-insecure example insecure only-for-this-check "
    "placeholder secret-key secret_key secretkey your-key"
).split()
"""Parts of keys that are published in manuals, templates or this repository."""
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
MAIL_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
DATABASE_SCHEMES = {"postgres", "postgresql", "psql", "pgsql"}
CACHE_SCHEMES = {"redis": "redis", "rediss": "redis", "pymemcache": "pymemcache"}
"""Scheme → the package that it needs, which the portal does not bring."""
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
LICENCES = ("dl-de/by-2-0", "dl-de/zero-2-0", "cc-by/4.0", "cc-zero")
"""The keys of ``portal/open_data/licences.py``, which needs the settings."""
HOST_NAME = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
SITE_PATH = re.compile(r"(/[\w.~-]+)*/?", re.ASCII)

Check = Callable[[str], str]
"""Takes the value; returns what is wrong with it, or an empty text."""


def is_weak(key: str) -> bool:
    """Whether ``key`` is short, has few different characters or contains a published part."""
    is_public = any(part in key.lower() for part in PLACEHOLDERS)
    return len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS or is_public


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is reachable from the machine itself only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret_key(value: str) -> str:
    how = f"nötig sind {KEY_LENGTH} zufällige Zeichen, etwa aus {SECRET_KEY_COMMAND}"
    return f"ist zu schwach ({how})" if is_weak(value) else ""


def _former_secret_keys(value: str) -> str:
    weak = [number for number, key in enumerate(_listed(value), 1) if is_weak(key)]
    return f"hat zu schwache Schlüssel (Nummer {weak[0]})" if weak else ""


def _site_url(value: str) -> str:
    try:
        url = urlsplit(value)
        host, _port = url.hostname, url.port
    except ValueError:
        return "stimmt nicht (etwa https://engagement.example.org)"
    if url.scheme not in {"http", "https"} or not host or url.username is not None:
        return "stimmt nicht (Schema und Host, etwa https://engagement.example.org)"
    if url.query or url.fragment or not SITE_PATH.fullmatch(url.path):
        return "darf hinter dem Host nur einen einfachen Pfad haben (etwa https://stadt.example/engagement)"
    if url.scheme == "http" and not is_this_machine(host):
        return "ist ohne https: Cookies und Daten gingen im Klartext durchs Netz (https://… setzen)"
    return ""


def _url(schemes: set[str], example: str, *, path: bool = False) -> Check:
    def check(value: str) -> str:
        try:
            url = urlsplit(value)
            _port = url.port
        except ValueError:
            return f"stimmt nicht (etwa {example})"
        if url.scheme not in schemes:
            return f"hat ein Schema, das es nicht gibt (etwa {example})"
        if path and len(url.path) < 2:
            return f"nennt keine Datenbank (etwa {example})"
        if not path and not url.hostname:
            return f"nennt keinen Host (etwa {example})"
        return ""

    return check


def _number(least: int, most: int | None = None) -> Check:
    def check(value: str) -> str:
        is_fine = re.fullmatch(r"\d{1,9}", value, re.ASCII) and int(value) >= least
        if is_fine and (most is None or int(value) <= most):
            return ""
        return f"muss eine ganze Zahl {f'ab {least}' if most is None else f'von {least} bis {most}'} sein"

    return check


def _switch(value: str) -> str:
    return "" if value.lower() in TRUE | FALSE else "muss 1 oder 0 sein"


def _debug(value: str) -> str:
    shows = value.lower() in TRUE
    return "zeigt Fremden Code und Daten (weglassen)" if shows else _switch(value)


def _is_host(value: str) -> bool:
    try:
        ip_address(value.removeprefix("[").removesuffix("]"))
    except ValueError:
        return bool(HOST_NAME.fullmatch(value))
    return True


def _hosts(value: str) -> str:
    if "*" in _listed(value):
        return "lässt jeden Host zu (Namen nennen, mit Kommas)"
    wrong = [one for one in _listed(value) if not _is_host(one)]
    return f"nennt {wrong[0]!r} (nur Namen ohne Schema und Port, mit Kommas)" if wrong else ""


def _host(value: str) -> str:
    return "" if _is_host(value) else "muss ein Name oder eine Adresse sein (etwa 127.0.0.1)"


def _origins(value: str) -> str:
    wrong = [one for one in _listed(value) if not re.fullmatch(r"https://[^/?#@\s]+", one)]
    return f"nennt {wrong[0]!r} (https:// und Host, mit Kommas)" if wrong else ""


def _mail_address(value: str) -> str:
    _name, address = parseaddr(value)
    before, _at, host = address.rpartition("@")
    is_fine = before and HOST_NAME.fullmatch(host) and "\n" not in value
    return "" if is_fine else "ist keine Adresse (etwa Freiwilligenportal <portal@example.org>)"


def _contact(value: str) -> str:
    fine = value.startswith("https://") or (value.startswith("mailto:") and "@" in value)
    return "" if fine else "muss mit mailto: oder https:// beginnen"


def _https(value: str) -> str:
    return "" if re.match(r"https://[^/\s]+", value) else "muss mit https:// beginnen"


def _certificate_key(value: str) -> str:
    fits = re.fullmatch(r"[\w-]{43}\.[\w-]{43}", value, re.ASCII)
    return "" if fits else "stimmt nicht (aus manage.py certificate_key)"


def _former_certificate_keys(value: str) -> str:
    fits = all(re.fullmatch(r"[\w-]{43}", one, re.ASCII) for one in _listed(value))
    return "" if fits else "stimmt nicht (die Teile vor dem Punkt, mit Kommas)"


def _recipients(value: str) -> str:
    fits = all(re.fullmatch(r"age1[a-z0-9]+|ssh-\S+ \S+.*", one) for one in _listed(value))
    return "" if fits else "nennt keine öffentlichen Schlüssel von age (age1…, mit Kommas)"


def _level(value: str) -> str:
    return "" if value in LEVELS else f"muss eines von {', '.join(sorted(LEVELS))} sein"


def _licence(value: str) -> str:
    return "" if value in LICENCES else f"muss eine von {', '.join(LICENCES)} sein"


_database = _url(DATABASE_SCHEMES, "postgres://user:password@host:5432/name", path=True)


def _cache(value: str) -> str:
    if problem := _url(set(CACHE_SCHEMES), "redis://host:6379/0")(value):
        return problem
    package = CACHE_SCHEMES[urlsplit(value).scheme]
    return "" if find_spec(package) else f"braucht ein Paket, das fehlt (pip install {package})"


TOKEN_LENGTH = 20


def _metrics_token(value: str) -> str:
    if len(value) >= TOKEN_LENGTH:
        return ""
    return f"ist zu kurz (nötig sind {TOKEN_LENGTH} zufällige Zeichen)"


def _log_format(value: str) -> str:
    return "" if value in {"plain", "json"} else "muss plain oder json sein"


CHECKS: Mapping[str, Check] = {
    "SECRET_KEY": _secret_key,
    "SECRET_KEY_FALLBACKS": _former_secret_keys,
    "SITE_URL": _site_url,
    "DATABASE_URL": _database,
    "DATABASE_DIRECT_URL": _database,
    "DATABASE_REPLICA_URL": _database,
    "DATABASE_POOL_SIZE": _number(1, 1000),
    "DATABASE_BEHIND_PGBOUNCER": _switch,
    "CACHE_URL": _cache,
    "EMAIL_URL": _url(MAIL_SCHEMES, "smtp+tls://user:password@host:587"),
    "DEFAULT_FROM_EMAIL": _mail_address,
    "ALLOWED_HOSTS": _hosts,
    "HOST": _host,
    "PORT": _number(1, 65_535),
    "WEB_CONCURRENCY": _number(1, 1000),
    "WEB_THREADS": _number(1, 1000),
    "BEHIND_PROXY": _switch,
    "DEBUG": _debug,
    "SECOND_FACTOR_REQUIRED": _switch,
    "SECURITY_CONTACT": _contact,
    "CERTIFICATE_KEY": _certificate_key,
    "KEPT_PAGES_MB": _number(0, 4000),
    "METRICS_TOKEN": _metrics_token,
    "LOG_FORMAT": _log_format,
    "LOG_REQUESTS": _switch,
    "CERTIFICATE_FORMER_KEYS": _former_certificate_keys,
    "OIDC_SERVER_URL": _https,
    "OIDC_ORIGINS": _origins,
    "OIDC_IS_SECOND_FACTOR": _switch,
    "OPEN_DATA_LICENCE": _licence,
    "BACKUP_RECIPIENTS": _recipients,
    "LOG_LEVEL": _level,
}
"""Variable → its check. Numbers in ``portal/rules.py`` are checked as they are read."""


NAMES_SOMEBODY = (
    *("SITE_URL", "ALLOWED_HOSTS", "SECURITY_CONTACT", "EMAIL_URL", "DEFAULT_FROM_EMAIL"),
    *("DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL", "CACHE_URL"),
    *("OIDC_SERVER_URL", "OIDC_ORIGINS"),
)
"""Variables with a host or an address, which nobody but the operator knows."""
OF_THE_EXAMPLE = re.compile(r"[\w-]\.example(?![\w.-])|//user:password@", re.IGNORECASE)
"""What ``deploy/portal.env`` has in place of those: hosts that can never exist (RFC 2606), and a login."""


def left_over(environment: Mapping[str, str]) -> Iterator[str]:
    """One text for each variable that still has the value of ``deploy/portal.env``."""
    for name in NAMES_SOMEBODY:
        if OF_THE_EXAMPLE.search(environment.get(name, "")):
            yield f"{name} ist noch der Wert des Beispiels (eigenen eintragen)"


def wrong(environment: Mapping[str, str]) -> Iterator[str]:
    """One text for each variable whose value does not fit."""
    yield from left_over(environment)
    for name, check in CHECKS.items():
        value = environment.get(name, "").strip()
        if value and (problem := check(value)):
            yield f"{name} {problem}"
    proxied = environment.get("BEHIND_PROXY", "").strip().lower() in TRUE
    site = environment.get("SITE_URL", "").strip()
    if proxied and site.startswith("http://"):
        yield "BEHIND_PROXY ist gesetzt, SITE_URL aber ohne https (https://… setzen)"


def _listed(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]
