"""Brings the demo's database and static files up to date; skips this if they already are."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.utils.translation import gettext as _
from psycopg import sql

from portal.languages.compiling import compile_catalogues
from portal.processes import close_connections

SOURCES = ("portal", "programs", "volunteers", "welcome_rooms", "static", "requirements.txt")
MARK = "Freiwilligenportal: "
STEPS = ("migrate", "load_reference", "load_demo")
"""Each command may run again on a database that people have used: their changes stay."""


def prepare(say: Callable[[str], object]) -> None:
    """Migrate, load the starting data and the demo data, collect static files.

    Does nothing if this was already done with the same code and data, so a second start is fast.
    """
    compile_catalogues()
    digest = source_digest()
    collected = (settings.STATIC_ROOT / "staticfiles.json").exists()
    if _stored_digest() != digest or not collected:
        say(_("Tabellen und Beispieldaten werden eingerichtet …"))
        call_command("collectstatic", interactive=False, verbosity=0)
        logging.disable(logging.INFO)  # what invented people did is no news on the screen
        try:
            for step in STEPS:
                call_command(step, verbosity=0, stdout=StringIO())
        finally:
            logging.disable(logging.NOTSET)
        _store_digest(digest)
    close_connections()


def source_digest() -> str:
    """A digest of all that the commands depend on: code, data, static files, required packages."""
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        source = settings.BASE_DIR / name
        for path in source.rglob("*") if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _stored_digest() -> str:
    """The digest is stored as a comment on the database, so it is moved and deleted with the data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        (comment,) = cursor.fetchone()
    return (comment or "").removeprefix(MARK)


def _store_digest(digest: str) -> None:
    """Does nothing if the user does not own the database; then every start prepares it again."""
    with suppress(ProgrammingError), connection.cursor() as cursor:
        name = connection.settings_dict["NAME"]
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Literal(MARK + digest)))
