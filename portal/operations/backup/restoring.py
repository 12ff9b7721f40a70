"""Restoring a backup: into the portal's own empty database, or on trial into one that is thrown away."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.utils import timezone
from psycopg import sql

from .. import release
from . import archive, database, programs
from .errors import BackupFailed, NotWhole
from .making import FORMAT, expected
from .models import Backup
from .tables import Connection, contents, differences

NEEDED = {"made_at", "portal", "postgresql", "migrations", "tables", "members"}
TRIAL = "portal_trial_{}"


def restore(path: Path, *, identity: Path | None) -> dict[str, Any]:
    """Restore the backup into the portal's database, which has to be empty; returns the manifest.

    The file is read twice: it is checked as a whole before the first change. All changes are one transaction.
    Afterwards the tables are compared with the manifest; if one differs, all is thrown away again.
    Raises ``BackupFailed``, and the database is as empty as before.
    """
    manifest = examine(path, identity=identity)
    with _plain(database.name()) as opened:
        if not database.is_empty(opened):
            raise BackupFailed(
                f"Die Datenbank {database.name()} ist nicht leer. Zurückgespielt wird nur in eine leere; es ist "
                "nichts geändert."
            )
        if others := database.others(opened):
            raise BackupFailed(
                f"An der Datenbank {database.name()} sind noch {others} andere angemeldet: Bitte Web und Worker "
                "anhalten."
            )
    _fill(path, identity, database.name(), manifest)
    return manifest


def check(path: Path, *, identity: Path | None) -> dict[str, Any]:
    """Restore the backup into a new database, compare, and delete that database; returns the manifest.

    The portal may run meanwhile. Raises ``BackupFailed`` if the backup does not hold what it should.
    """
    manifest = examine(path, identity=identity)
    with _trial_database() as name:
        _fill(path, identity, name, manifest)
    made_at = manifest["made_at"]
    Backup.objects.filter(made_at=made_at).update(verified_at=timezone.now())
    return manifest


def examine(path: Path, *, identity: Path | None) -> dict[str, Any]:
    """Read the whole file and check it; returns the manifest. Raises ``BackupFailed``."""
    try:
        with archive.opened(path, identity) as source:
            manifest = archive.read(source)
    except OSError as error:
        raise BackupFailed(f"{path} lässt sich nicht lesen: {error.strerror or error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupFailed(
            f"Die Sicherung ist von einer anderen Fassung des Portals ({manifest.get('portal')})."
        )
    if not manifest.keys() >= NEEDED:
        raise NotWhole
    return manifest


def _fill(path: Path, identity: Path | None, name: str, manifest: dict[str, Any]) -> None:
    known = {".".join(key) for key in release.migrations()}
    if newer := [one for one in manifest["migrations"] if one not in known]:
        raise BackupFailed(
            f"Die Sicherung ist von einer neueren Fassung des Portals ({manifest['portal']}, {newer[-1]}): "
            "Bitte zuerst diese Fassung installieren."
        )
    with _plain(name) as opened:
        server = database.major(opened)
        if server < manifest["postgresql"]:
            raise BackupFailed(
                f"Die Sicherung ist von PostgreSQL {manifest['postgresql']}, die Datenbank von {server}: "
                "Bitte in eine gleich alte oder neuere zurückspielen."
            )
        try:
            _restore_dump(path, identity, name, server)
            _compare(opened, manifest)
        except BackupFailed:
            database.empty(opened)
            raise


def _compare(opened: Connection, manifest: dict[str, Any]) -> None:
    with opened.transaction():
        wrong = differences(expected(manifest), contents(opened))
    if wrong:
        raise BackupFailed(
            "Nach dem Zurückspielen war anderes in der Datenbank als gesichert, sie ist wieder geleert. "
            f"Verschieden: {', '.join(wrong[:10])}."
        )


def _restore_dump(path: Path, identity: Path | None, name: str, server: int) -> None:
    """Let pg_restore write the dump in one transaction."""
    program = programs.postgresql("pg_restore", at_least=server)
    where, environ = database.for_programs(name)
    command = [str(program), "--exit-on-error", "--single-transaction", "--no-owner"]
    command += ["--no-privileges", "--no-comments", f"--dbname={where}"]
    with programs.running(command, env=environ, stdin=subprocess.PIPE) as pg_restore:
        try:
            with archive.opened(path, identity) as source:
                archive.read(source, pg_restore.into.write)
            pg_restore.into.close()
        except BrokenPipeError:
            pass  # it says why below
        except NotWhole:
            pg_restore.kill()
            raise
        pg_restore.succeed("pg_restore konnte nicht alles schreiben, die Datenbank ist leer")


@contextmanager
def _plain(name: str) -> Iterator[Connection]:
    try:
        with database.connect(name, autocommit=True) as opened:
            yield opened
    except psycopg.Error as error:
        raise BackupFailed(
            f"Die Datenbank {name} macht nicht mit: {str(error).splitlines()[0]}"
        ) from error


@contextmanager
def _trial_database() -> Iterator[str]:
    name = sql.Identifier(known := TRIAL.format(secrets.token_hex(6)))
    with _plain(database.name()) as opened:
        try:
            opened.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupFailed(
                "Für die Probe fehlt das Recht, eine Datenbank anzulegen: ALTER ROLE … CREATEDB."
            ) from error
        try:
            yield known
        finally:
            opened.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
