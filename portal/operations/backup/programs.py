"""The programs of PostgreSQL and ``age`` that backups use, and how they are run."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.db import connection

from portal.postgresql import programs as embedded

from .errors import BackupFailed

DEBIAN = Path("/usr/lib/postgresql")
"""Here Debian keeps the programs of each version of PostgreSQL, most of them outside of PATH."""


def postgresql(name: str, *, at_least: int) -> Path:
    """``pg_dump`` or ``pg_restore`` of the oldest version that knows PostgreSQL ``at_least``.

    The embedded PostgreSQL brings its own. Raises ``BackupFailed`` if there is none.
    """
    if is_embedded():
        return embedded.programs() / name
    found = [path / "bin" / name for path in DEBIAN.glob("*")] if DEBIAN.is_dir() else []
    if in_path := shutil.which(name):
        found.append(Path(in_path))
    versions = {path: version_of(path) for path in found if path.exists()}
    if not versions:
        raise BackupFailed(
            f"{name} fehlt: Bitte postgresql-client-{at_least} installieren, oder {name} in PATH aufnehmen."
        )
    fitting = {path: version for path, version in versions.items() if version >= at_least}
    if not fitting:
        raise BackupFailed(
            f"{name} ist von PostgreSQL {max(versions.values())}, gebraucht wird {at_least} oder neuer: Bitte "
            f"postgresql-client-{at_least} installieren."
        )
    return min(fitting, key=lambda path: fitting[path])


def is_embedded() -> bool:
    """Whether the portal has started its PostgreSQL itself, as in demo and tests."""
    return "EMBEDDED_DATA_DIR" in connection.settings_dict


def version_of(path: Path) -> int:
    """The major version that the program names; 0 if it names none."""
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(number[1]) if number else 0


def age() -> Path:
    """The program that encrypts. Raises ``BackupFailed`` if it is not installed."""
    found = shutil.which("age")
    if found is None:
        raise BackupFailed(
            "age fehlt: Bitte das Paket age installieren, oder ohne Schlüssel sichern."
        )
    return Path(found)


class Running:
    """A program that reads or writes a stream; what it says on its standard error is kept."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors

    @property
    def into(self) -> IO[bytes]:
        """Its standard input. Writing raises ``BrokenPipeError`` once the program has ended."""
        assert self._process.stdin  # noqa: S101 - the caller asked for a pipe
        return self._process.stdin

    @property
    def out(self) -> IO[bytes]:
        assert self._process.stdout  # noqa: S101 - the caller asked for a pipe
        return self._process.stdout

    def drain(self) -> None:
        """Read the rest, so that the program can end by itself."""
        while self.out.read(1 << 20):
            pass

    def kill(self) -> None:
        self._process.kill()

    def ended_well(self) -> bool:
        """Wait for its end."""
        return self._process.wait() == 0

    def said(self) -> str:
        """The last line of what it complained about, without its own name."""
        self._errors.seek(0)
        lines = [line for line in self._errors.read().decode(errors="replace").splitlines() if line]
        told = [line for line in lines if "error" in line.lower()] or lines or ["(nichts)"]
        return told[0]

    def succeed(self, sentence: str) -> None:
        """Raise ``BackupFailed`` with ``sentence`` and its reason unless it ends well."""
        if not self.ended_well():
            raise BackupFailed(f"{sentence}: {self.said()}")


@contextmanager
def running(
    command: list[str], *, env: Mapping[str, str] | None = None, **streams: Any
) -> Iterator[Running]:
    """Run ``command`` for the block; whatever happens there, it has ended afterwards."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stderr=errors, env=env, **streams)  # noqa: S603
        try:
            yield Running(process, errors)
        finally:
            for stream in (process.stdin, process.stdout):
                if stream:
                    _close(stream)
            if process.poll() is None:
                process.kill()
            process.wait()


def _close(stream: IO[bytes]) -> None:
    """Close a pipe; that the program at its other end is gone is known already."""
    with suppress(BrokenPipeError):
        stream.close()
