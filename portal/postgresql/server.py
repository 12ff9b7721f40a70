"""Start and stop the embedded PostgreSQL of one data folder.

The wheel's own ``get_server()`` is not used: it takes any process that has a stale pid file's number for the
server, opens every parent folder for reading when run as root, gives up after 10 seconds and speaks in tracebacks.
Its programs are the same; this module only calls ``initdb`` and ``pg_ctl`` with care.

The server belongs to nobody: it outlives the process that started it, so that a command and the demo can share it.
The demo and the test run stop it when they end; ``manage.py stop_postgresql`` does so by hand.
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

import psutil
from django.core.exceptions import ImproperlyConfigured

from portal.postgresql import account
from portal.postgresql.programs import BIN

PORT = 5432
"""Part of the socket's name; the server listens on no network port."""
SUPERUSER = "postgres"
START_SECONDS = 60
STOP_SECONDS = 30
MAX_SOCKET_PATH = 103
"""Bytes that the address of a UNIX socket may have (104 with its end mark on macOS, 108 on Linux)."""


class ServerError(ImproperlyConfigured):
    """The embedded PostgreSQL cannot run; the message is one sentence for the person at the terminal."""


def start(data_dir: Path, settings: Mapping[str, str] | None = None) -> Path:
    """Make sure that the server of ``data_dir`` accepts connections; returns the folder of its socket.

    Callers in several processes and threads wait for one another. ``settings`` are server settings such as
    ``{"fsync": "off"}``; they count only when this call is the one that starts the server.
    """
    data_dir = data_dir.resolve()
    socket_dir = _ready_socket_dir(data_dir)
    if socket_dir is not None:
        return socket_dir
    try:
        with _lock(data_dir):
            socket_dir = _ready_socket_dir(data_dir)
            if socket_dir is None:
                _prepare(data_dir)
                _launch(data_dir, settings or {})
                socket_dir = _wait_until_ready(data_dir)
            return socket_dir
    except OSError as error:
        raise ServerError(
            f"Der Datenordner {data_dir} lässt sich nicht benutzen ({error.strerror or error}): "
            "Bitte DATA_DIR auf einen Ordner setzen, in den Sie schreiben dürfen."
        ) from error


def stop(data_dir: Path) -> None:
    """Stop the server of ``data_dir`` and wait for its end; does nothing when none is running."""
    data_dir = data_dir.resolve()
    if not data_dir.parent.is_dir():
        return
    with _lock(data_dir):
        if _postmaster(data_dir) is not None:
            for mode in ("fast", "immediate"):
                arguments = ["stop", "-w", "-t", str(STOP_SECONDS), "-m", mode]
                if _run("pg_ctl", data_dir, arguments).returncode == 0:
                    break
        for process in _starting(data_dir):
            process.terminate()
            process.wait(STOP_SECONDS)
        shutil.rmtree(_short_socket_dir(data_dir), ignore_errors=True)


def _ready_socket_dir(data_dir: Path) -> Path | None:
    """The socket's folder when the server runs and says that it is ready.

    The last lines of ``postmaster.pid`` are the socket's folder, the host, the memory and the state.
    """
    if _postmaster(data_dir) is None:
        return None
    lines = _pid_file_lines(data_dir)
    if len(lines) < 8 or lines[7] != "ready":
        return None
    socket_dir = Path(lines[4])
    return socket_dir if (socket_dir / f".s.PGSQL.{PORT}").exists() else None


def _postmaster(data_dir: Path) -> psutil.Process | None:
    """The running server of ``data_dir``; a number in a stale pid file may be somebody else's by now."""
    lines = _pid_file_lines(data_dir)
    if not lines or not lines[0].isdigit():
        return None
    try:
        process = psutil.Process(int(lines[0]))
        is_server = process.name() == "postgres" and str(data_dir) in process.cmdline()
    except psutil.Error:
        return None
    return process if is_server and process.status() != psutil.STATUS_ZOMBIE else None


def _starting(data_dir: Path) -> list[psutil.Process]:
    """Server processes that have not written a pid file yet, left by a start that was cut off."""
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and str(data_dir) in (process.info["cmdline"] or [])
    ]


def _pid_file_lines(data_dir: Path) -> list[str]:
    try:
        text = (data_dir / "postmaster.pid").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ServerError(
            f"Der Datenordner {data_dir} gehört einem anderen Benutzerkonto ({error.strerror}): "
            "Bitte DATA_DIR auf einen eigenen Ordner setzen."
        ) from error
    return [line.strip() for line in text.splitlines()]


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """One at a time for this data folder, among all processes and threads of the machine."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with (data_dir.parent / f".{data_dir.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare(data_dir: Path) -> None:
    """Make the data folder, or check that the one that is there can be used; clear a stale pid file."""
    if data_dir.is_dir() and not any(data_dir.iterdir()):
        data_dir.rmdir()
    if not data_dir.exists():
        _initialise(data_dir)
    wanted = _run("postgres", None, ["--version"]).stdout.split()[-1].split(".")[0]
    version_file = data_dir / "PG_VERSION"
    found = version_file.read_text(encoding="utf-8").strip() if version_file.exists() else ""
    if not found:
        raise ServerError(
            f"Im Datenordner {data_dir} liegt keine Datenbank, sondern etwas anderes: "
            "Bitte den Ordner leeren oder DATA_DIR auf einen anderen Ordner setzen."
        )
    if found != wanted:
        raise ServerError(
            f"Die Datenbank im Datenordner {data_dir} ist von PostgreSQL {found}, gebraucht wird {wanted}: "
            "Bitte mit pg_dump umziehen oder DATA_DIR auf einen anderen Ordner setzen."
        )
    if _postmaster(data_dir) is None:
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _initialise(data_dir: Path) -> None:
    """Make a data folder, in one step: a half-made one is never taken for a whole one.

    PostgreSQL's built-in C.UTF-8 knows umlauts whatever languages the machine has. The full-text parser still
    asks the C library which characters are letters, hence ``--lc-ctype`` where the machine has it.
    """
    new = data_dir.with_name(data_dir.name + ".new")
    for ctype in ("C.UTF-8", "C"):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        account.hand_over(new)
        options = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={ctype}", "--auth=trust"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        done = _run("initdb", new, [*options, "--username", SUPERUSER])
        if done.returncode == 0:
            new.rename(data_dir)
            return
    raise ServerError(f"PostgreSQL konnte {data_dir} nicht anlegen: {_last_line(done.stderr)}")


def _launch(data_dir: Path, settings: Mapping[str, str]) -> None:
    """Start the server; one whose predecessor was killed may have to wait for the last of its children."""
    socket_dir = _socket_dir(data_dir)
    quoted = '"' + str(socket_dir).replace('"', '""') + '"'
    options = {"listen_addresses": "", "port": str(PORT), "unix_socket_directories": quoted}
    flags = " ".join(f"-c {shlex.quote(f'{k}={v}')}" for k, v in {**options, **settings}.items())
    log = data_dir / "server.log"
    arguments = ["start", "-w", "-t", str(START_SECONDS), "-l", str(log), "-o", flags]
    for _ in range(20):
        size = log.stat().st_size if log.exists() else 0
        if _run("pg_ctl", data_dir, arguments).returncode == 0:
            return
        said = log.read_bytes()[size:].decode(errors="replace") if log.exists() else ""
        if "pre-existing shared memory block" not in said:
            break
        time.sleep(0.5)
    raise ServerError(
        f"PostgreSQL startet nicht im Datenordner {data_dir}; die letzte Zeile von {log} lautet: {_last_line(said)}"
    )


def _wait_until_ready(data_dir: Path) -> Path:
    """The folder of the socket, once the server has said that it is ready."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        socket_dir = _ready_socket_dir(data_dir)
        if socket_dir is not None:
            return socket_dir
        time.sleep(0.02)
    raise ServerError(f"PostgreSQL im Datenordner {data_dir} wird nicht bereit: siehe server.log dort.")


def _socket_dir(data_dir: Path) -> Path:
    """The data folder itself, closed to others; for a long path a short folder that is as closed.

    Raises ``ServerError`` when somebody else has made that short folder.
    """
    if len(os.fsencode(data_dir / f".s.PGSQL.{PORT}")) <= MAX_SOCKET_PATH:
        return data_dir
    short = _short_socket_dir(data_dir)
    if not short.exists():
        short.mkdir(mode=0o700)
        account.hand_over(short)
    if short.is_symlink() or short.stat().st_uid != data_dir.stat().st_uid:
        raise ServerError(f"Der Ordner {short} gehört jemand anderem: Bitte DATA_DIR kürzer wählen.")
    return short


def _short_socket_dir(data_dir: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portal-postgresql-{digest}"


def _run(
    program: str, data_dir: Path | None, arguments: list[str]
) -> subprocess.CompletedProcess[str]:
    """Run one of the wheel's programs as the account that owns ``data_dir``.

    Output goes through files: the server inherits it from ``pg_ctl`` and would keep a pipe open. The session of
    its own keeps a Ctrl-C at the terminal away from it. ``PG…`` variables of the caller mean other servers.
    """
    command = [str(BIN / program), *(["-D", str(data_dir)] if data_dir else [])]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(  # noqa: S603 - a program of the wheel, arguments made here
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**environment, "LC_ALL": "C"},
            cwd=data_dir or "/",
            start_new_session=True,
            check=False,
            **account.run_as(data_dir),
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(
            done.args, done.returncode, out.read().strip(), err.read().strip()
        )


def _last_line(text: str) -> str:
    return (text.splitlines() or ["(nichts)"])[-1]
