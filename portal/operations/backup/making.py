"""Making a backup while the portal runs."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.utils import timezone

from portal import environment

from .. import release
from . import archive, database, programs
from .errors import BackupFailed
from .models import Backup
from .tables import Connection, Content, contents

FORMAT = 1
"""Number of the form of archives; changes when an older ``restore`` could not read one."""
NAME = "portal-{:%Y-%m-%dT%H%M%SZ}.backup"
OURS = re.compile(r"portal-\d{4}-\d\d-\d\dT\d{6}Z\.backup(\.age)?")
REMEMBERED = 400
"""How many backups the database knows."""


def back_up(target: Path, *, recipients: list[str], keep: int = 0) -> tuple[Path, Backup]:
    """Write a backup into the file ``target``, or into a file with the time as its name in the folder ``target``.

    Dump, counts and checksums are of one moment. Of a folder's backups the newest ``keep`` stay, if
    ``keep`` is not 0. Raises ``BackupFailed``; then there is no new file.
    """
    made_at = timezone.now().replace(microsecond=0)
    path = _file(target, made_at, is_encrypted=bool(recipients))
    try:
        with archive.new_file(path, recipients) as output:
            writer = archive.Writer(output, made_at.timestamp())
            writer.text("README", archive.HOW)
            writer.text(archive.SETTINGS, environment.without_secrets())
            with _snapshot() as (snapshot, opened):
                _dump(writer, snapshot, opened)
                writer.finish(_manifest(opened, made_at))
    except (OSError, psycopg.Error) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise BackupFailed(f"Die Sicherung {path} ist nicht gelungen: {reason}") from error
    made = Backup.objects.create(
        made_at=made_at, size=path.stat().st_size, is_encrypted=bool(recipients)
    )
    _forget_old()
    if keep and target.is_dir():
        rotate(target, keep)
    return path, made


def rotate(folder: Path, keep: int) -> list[Path]:
    """Delete all backups of the folder but the newest ``keep``; other files stay. Returns what was deleted."""
    found = sorted(path for path in folder.iterdir() if OURS.fullmatch(path.name))
    old = found[:-keep]
    for path in old:
        path.unlink()
    return old


def _file(target: Path, made_at: datetime, *, is_encrypted: bool) -> Path:
    if target.is_dir():
        return target / (NAME.format(made_at) + (".age" if is_encrypted else ""))
    if not target.parent.is_dir():
        raise BackupFailed(f"Den Ordner {target.parent} gibt es nicht.")
    return target


@contextmanager
def _snapshot() -> Iterator[tuple[str, Connection]]:
    """A transaction that sees the database as of now, and the name under which pg_dump sees the same."""
    with database.connect() as opened:
        opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        opened.read_only = True
        (name,) = opened.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield name, opened


def _dump(writer: archive.Writer, snapshot: str, opened: Connection) -> None:
    program = programs.postgresql("pg_dump", at_least=database.major(opened))
    where, environ = database.for_programs()
    command = [str(program), "--format=custom", "--no-owner", "--no-privileges"]
    command += [f"--snapshot={snapshot}", f"--dbname={where}"]
    with programs.running(command, env=environ, stdout=subprocess.PIPE) as pg_dump:
        writer.dump(pg_dump.out)
        pg_dump.succeed("pg_dump konnte nicht alles lesen")


def _manifest(opened: Connection, made_at: datetime) -> dict[str, Any]:
    migrations = opened.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "portal": release.version(),
        "postgresql": database.major(opened),
        "migrations": [f"{app}.{name}" for app, name in migrations],
        "tables": {name: list(content) for name, content in contents(opened).items()},
    }


def expected(manifest: dict[str, Any]) -> dict[str, Content]:
    """What the manifest says about the tables: rows and checksum by name."""
    return {name: Content(*one) for name, one in manifest["tables"].items()}


def _forget_old() -> None:
    newest = Backup.objects.order_by("-made_at").values("pk")[:REMEMBERED]
    Backup.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
