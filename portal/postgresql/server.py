"""Start and stop the embedded PostgreSQL of one data folder.

This module calls the wheel's ``initdb`` and ``pg_ctl``. It does not use the wheel's ``get_server()``:
that takes any process with the number from a stale pid file for the server, makes every parent folder
readable when run as root, gives up after 10 seconds and reports errors only as tracebacks.

The server keeps running after the process that started it has ended, so that a command and the demo
can share it. The demo and the test run stop it at their end; ``manage.py stop_postgresql`` stops it by
hand.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.pq import PGconn, Ping

from portal.postgresql import account
from portal.postgresql.programs import programs

PORT = 5432
"""Part of the socket's name; the server listens on no network port."""
SUPERUSER = "postgres"
START_SECONDS = 60
STOP_SECONDS = 30
MAX_SOCKET_PATH = 103
"""Maximum bytes in the path of a UNIX socket (the limit with the final NUL is 104 on macOS, 108 on Linux)."""


class ServerError(ImproperlyConfigured):
    """The embedded PostgreSQL cannot run; the message is one sentence for the person at the terminal."""


def start(data_dir: Path, settings: Mapping[str, str] | None = None) -> Path:
    """Make sure that the server of ``data_dir`` accepts connections; returns the folder of its socket.

    A file lock makes callers in other processes and threads wait. ``settings`` are server settings
    such as ``{"fsync": "off"}``; they are ignored if the server is already running. Raises
    ``ServerError`` if ``data_dir`` cannot be used.
    """
    data_dir = data_dir.resolve()
    socket_dir = _socket_dir(data_dir)
    try:
        if _ping(data_dir) is Ping.OK:
            return socket_dir
        with _lock(data_dir):
            if _ping(data_dir) is not Ping.OK:
                _prepare(data_dir)
                _launch(data_dir, settings or {})
    except OSError as error:
        raise ServerError(
            f"Der Datenordner {data_dir} lässt sich nicht benutzen ({error.strerror or error}): "
            "Bitte DATA_DIR auf einen Ordner setzen, in den Sie schreiben dürfen."
        ) from error
    return socket_dir


def stop(data_dir: Path) -> None:
    """Stop the server of ``data_dir`` and wait until it has ended. Does nothing if none is running."""
    data_dir = data_dir.resolve()
    if not data_dir.is_dir():
        return
    with _lock(data_dir):
        if not is_running(data_dir):
            return
        for mode in ("fast", "immediate"):
            if _run("pg_ctl", data_dir, "stop", "-w", f"-t{STOP_SECONDS}", f"-m{mode}").ok:
                break
        if _socket_dir(data_dir) != data_dir:
            shutil.rmtree(_socket_dir(data_dir), ignore_errors=True)


def is_running(data_dir: Path) -> bool:
    """Whether the server of ``data_dir`` is running or still starting."""
    return _ping(data_dir.resolve()) is not Ping.NO_RESPONSE


def _ping(data_dir: Path) -> Ping:
    """Whether the server answers on its socket. The pid file is not used, because it can be stale.

    Raises ``ServerError`` if the folder of the socket and the data folder have different owners.
    """
    socket_dir = _socket_dir(data_dir)
    if not socket_dir.exists() or not data_dir.exists():
        return Ping.NO_RESPONSE
    if socket_dir.is_symlink() or socket_dir.stat().st_uid != data_dir.stat().st_uid:
        raise ServerError(
            f"Der Ordner {socket_dir} gehört jemand anderem: Bitte DATA_DIR kürzer wählen."
        )
    host = str(socket_dir).replace("\\", "\\\\").replace("'", "\\'")
    return Ping(PGconn.ping(f"host='{host}' port={PORT} user={SUPERUSER}".encode()))


def _socket_dir(data_dir: Path) -> Path:
    """The data folder, or a folder with a short path if a socket's path there would be too long.

    Both folders are closed to other accounts.
    """
    if len(os.fsencode(data_dir / f".s.PGSQL.{PORT}")) <= MAX_SOCKET_PATH:
        return data_dir
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path("/tmp") / f"portal-postgresql-{digest}"  # noqa: S108 - the owner is checked


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """Exclusive file lock for this data folder, for all processes and threads of the machine."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with (data_dir.parent / f".{data_dir.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare(data_dir: Path) -> None:
    """Create the data folder, or check that the existing one can be used; delete a stale pid file.

    Deleting it is safe: even without a pid file PostgreSQL refuses a folder that a server is using.
    """
    account.open_the_way(data_dir)
    if data_dir.is_dir() and not any(data_dir.iterdir()):
        data_dir.rmdir()
    if not data_dir.exists():
        _initialise(data_dir)
    version_file = data_dir / "PG_VERSION"
    found = version_file.read_text(encoding="utf-8").strip() if version_file.exists() else ""
    if not found:
        raise ServerError(
            f"Im Datenordner {data_dir} liegt keine Datenbank, sondern etwas anderes: "
            "Bitte den Ordner leeren oder DATA_DIR auf einen anderen Ordner setzen."
        )
    wanted = _run("postgres", None, "--version").output.split()[-1].split(".")[0]
    if found != wanted:
        raise ServerError(
            f"Die Datenbank im Datenordner {data_dir} ist von PostgreSQL {found}, gebraucht wird "
            f"{wanted}: Bitte mit pg_dump umziehen oder DATA_DIR auf einen anderen Ordner setzen."
        )
    if not is_running(data_dir):
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _initialise(data_dir: Path) -> None:
    """Create a data folder. It gets its final name last, so that nobody uses an incomplete one.

    PostgreSQL's built-in locale C.UTF-8 handles umlauts on every machine. But the full-text parser
    asks the C library which characters are letters, so ``--lc-ctype=C.UTF-8`` is tried first.
    """
    new = data_dir.with_name(data_dir.name + ".new")
    for ctype in ("C.UTF-8", "C"):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        account.hand_over(new)
        locale = ("--locale=C", f"--lc-ctype={ctype}", "--locale-provider=builtin")
        options = ("--encoding=UTF8", *locale, "--builtin-locale=C.UTF-8", "--auth=trust")
        done = _run("initdb", new, *options, "--no-instructions", f"--username={SUPERUSER}")
        if done.ok:
            new.rename(data_dir)
            return
    raise ServerError(f"PostgreSQL konnte {data_dir} nicht anlegen: {_last_line(done.output)}")


def _launch(data_dir: Path, settings: Mapping[str, str]) -> None:
    """Start the server. Retries while child processes of a killed server are still running."""
    socket_dir = _socket_dir(data_dir)
    if not socket_dir.exists():
        socket_dir.mkdir(mode=0o700)
        account.hand_over(socket_dir)
    quoted = '"' + str(socket_dir).replace('"', '""') + '"'
    options = {"listen_addresses": "", "port": str(PORT), "unix_socket_directories": quoted}
    flags = " ".join(f"-c {shlex.quote(f'{k}={v}')}" for k, v in {**options, **settings}.items())
    log = data_dir / "server.log"
    for _ in range(20):
        size = log.stat().st_size if log.exists() else 0
        done = _run(
            "pg_ctl", data_dir, "start", "-w", f"-t{START_SECONDS}", f"-l{log}", "-o", flags
        )
        if done.ok:
            return
        logged = log.read_bytes()[size:].decode(errors="replace") if log.exists() else ""
        if "pre-existing shared memory block" not in logged:
            break
        time.sleep(0.5)
    raise ServerError(
        f"PostgreSQL startet nicht im Datenordner {data_dir}; "
        f"seine letzte Zeile (siehe auch {log}) ist: {_last_line(logged or done.output)}"
    )


class _Result:
    """How a program ended, and what it printed."""

    def __init__(self, returncode: int, output: str) -> None:
        self.ok = returncode == 0
        self.output = output.strip()


def _run(program: str, data_dir: Path | None, *arguments: str) -> _Result:
    """Run one of the wheel's programs as the account that owns ``data_dir``.

    The output goes into a file, not a pipe: the server inherits it from ``pg_ctl`` and would keep a
    pipe open. The program gets its own session, so that Ctrl-C at the terminal does not reach it.
    The caller's ``PG…`` variables are removed, because they are meant for other servers.
    """
    command = [str(programs() / program), *(["-D", str(data_dir)] if data_dir else []), *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603 - a program of the wheel, arguments made here
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**environment, "LC_ALL": "C"},
            cwd=data_dir or "/",
            start_new_session=True,
            check=False,
            **account.run_as(data_dir),
        )
        output.seek(0)
        return _Result(done.returncode, output.read())


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["(nichts)"])[-1]
