"""``make demo``: runs the whole portal on one machine in the foreground; at the end no process is left."""

import errno
import fcntl
import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.utils.translation import gettext as _

from portal.demo_accounts import DEMO_ACCOUNTS
from portal.demo_state import prepare
from portal.environment import Environment
from portal.postgresql import server
from portal.processes import Child, StopRequested, StopSignals, end_left_over, left_over, stop_all

READY_SECONDS = 120
WATCH_SECONDS = 0.5
GUNICORN = ["-m", "gunicorn", "--config", "python:portal.gunicorn", "portal.wsgi"]
WORKERS = {
    "mail-worker": ["--queues", "mail", "--concurrency", "4"],
    "worker": ["--queues", "chores,retention,jobs", "--concurrency", "4"],
}
"""Name → options. As in production (``docs/betrieb.md``), mails that hang hold up nothing but mails."""
WORKER = ["manage.py", "worker", "--graceful-seconds", "5"]

Say = Callable[[str], object]


class DemoError(Exception):
    """The demo cannot run; the message is one sentence for the person at the terminal."""


def run(say: Say) -> None:
    """Run the demo until Ctrl-C, SIGTERM or a closed terminal; ``say`` prints a line.

    Raises ``DemoError`` when the demo cannot start or one of its processes dies. In every case all processes
    that were started are stopped, PostgreSQL last.
    """
    signals = StopSignals()
    signals.install()
    with _data_dir():
        _end_left_over(say)
        for name, problem in Environment.unreadable.items():
            raise DemoError(f"{name} {problem}.")
        check_port_is_free(settings.HOST, settings.PORT)
        children: list[Child] = []
        try:
            _start(say, signals, children)
            _watch(children)
        except StopRequested:
            with suppress(OSError):  # the terminal may be gone
                say(_("\nWird beendet …"))
        except (ImproperlyConfigured, OperationalError) as error:
            raise DemoError(str(error).strip()) from error
        finally:
            signals.ignore()
            stop_all(children)
            if (data_dir := _embedded_data_dir()) is not None:
                server.stop(data_dir)


def _end_left_over(say: Say) -> None:
    """End web server and workers of a demo in this data folder that was killed; its PostgreSQL is used again."""
    folder = settings.DATA_DIR / "log"
    if not left_over(folder):
        return
    say(_("Reste einer abgebrochenen Vorführung werden beendet …"))
    if stuck := end_left_over(folder):
        numbers = ", ".join(f"{group} ({name})" for name, group in stuck.items())
        raise DemoError(
            _("Von einer abgebrochenen Vorführung läuft noch: %s. Bitte beenden Sie das zuerst.")
            % numbers
        )


def check_port_is_free(host: str, port: int) -> None:
    """Raises ``DemoError`` when the demo cannot listen on ``host`` and ``port``."""
    if not 0 < port < 65536:
        raise DemoError(_("PORT muss zwischen 1 und 65535 liegen, nicht %s.") % port)
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        text = (
            _(
                "Unter %(host)s:%(port)s läuft schon etwas. Wählen Sie einen anderen Port, "
                "zum Beispiel: PORT=%(other)s make demo"
            )
            if error.errno == errno.EADDRINUSE
            else _("%(host)s:%(port)s lässt sich nicht benutzen (%(reason)s).")
        )
        values = {"host": host, "port": port, "other": port + 1, "reason": error.strerror}
        raise DemoError(text % values) from error


def _start(say: Say, signals: StopSignals, children: list[Child]) -> None:
    began = time.monotonic()
    if (data_dir := _embedded_data_dir()) is not None:
        say(_("Die Datenbank startet …"))
        with signals.held():
            server.start(data_dir)
    prepare(say)
    say(_("Das Portal startet …"))
    workers = {name: [*WORKER, *options] for name, options in WORKERS.items()}
    for name, arguments in {"gunicorn": GUNICORN, **workers}.items():
        with signals.held():
            log = settings.DATA_DIR / "log" / f"{name}.log"
            command = [sys.executable, *arguments]
            children.append(Child.start(name, command, log=log, cwd=settings.BASE_DIR))
    _wait_until_healthy(children)
    say(_welcome(time.monotonic() - began))


def _watch(children: list[Child]) -> None:
    """Never returns. Raises ``DemoError`` as soon as a child process or the database has died."""
    data_dir = _embedded_data_dir()
    while True:
        time.sleep(WATCH_SECONDS)
        _check_alive(children)
        if data_dir is not None and not server.is_running(data_dir):
            raise DemoError(
                _("Die Datenbank ist ausgefallen: siehe %s") % (data_dir / "server.log")
            )


def _wait_until_healthy(children: list[Child]) -> None:
    end = time.monotonic() + READY_SECONDS
    answer = ""
    while time.monotonic() < end:
        _check_alive(children)
        status, answer = _ask_health()
        if status == http.HTTPStatus.OK:
            return
        time.sleep(0.05)
    raise DemoError(_("Das Portal wird nicht bereit: %s") % (answer or children[0].log))


def _ask_health() -> tuple[int, str]:
    """Status and body of ``/healthz``; status 0 without a response. Uses loopback if ``HOST`` is a wildcard."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{settings.PORT}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def _check_alive(children: list[Child]) -> None:
    for child in children:
        if not child.is_running:
            values = {"name": child.name, "status": child.process.returncode, "log": child.log}
            raise DemoError(_("%(name)s hat sich beendet (%(status)s): siehe %(log)s") % values)


def _embedded_data_dir() -> Path | None:
    """The data folder of the embedded PostgreSQL; None with ``DATABASE_URL``."""
    return settings.DATABASES["default"].get("EMBEDDED_DATA_DIR")


@contextmanager
def _data_dir() -> Iterator[None]:
    """Create ``DATA_DIR`` and its log folder, and lock it so that no second demo uses it."""
    data_dir: Path = settings.DATA_DIR
    try:
        (data_dir / "log").mkdir(parents=True, exist_ok=True)
        claim = (data_dir / "demo.lock").open("a+")
    except OSError as error:
        raise DemoError(
            _(
                "Der Datenordner %(folder)s lässt sich nicht benutzen (%(reason)s): "
                "Bitte DATA_DIR auf einen Ordner setzen, in den Sie schreiben dürfen."
            )
            % {"folder": data_dir, "reason": error.strerror}
        ) from error
    with claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            claim.seek(0)
            text = _(
                "Im Datenordner %(folder)s läuft schon eine Vorführung (Prozess %(number)s): Bitte "
                "beenden Sie sie, oder setzen Sie DATA_DIR anders."
            )
            values = {"folder": data_dir, "number": claim.read() or "?"}
            raise DemoError(text % values) from error
        claim.truncate(0)
        claim.write(str(os.getpid()))
        claim.flush()
        yield


def _welcome(seconds: float) -> str:
    """The text to print when the demo is ready: URLs and the table of accounts."""
    rows = [(_("Rolle"), _("E-Mail"), _("Passwort"), _("Darf"))]
    rows += [(str(a.role), a.email, a.password, str(a.may)) for a in DEMO_ACCOUNTS]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = [
        "  "
        + "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]
        )
        for row in rows
    ]
    url = settings.SITE_URL
    pages = [(_("Portal"), ""), (_("Verwaltung"), "verwaltung/"), (_("Postfach"), "demo/postfach/")]
    return os.linesep.join(
        [
            "",
            _("Das Portal läuft (bereit nach %.1f s).") % seconds,
            "",
            *(f"  {name:<12}{url}/{path}" for name, path in pages),
            "",
            *table,
            "",
            _("Strg+C beendet alles; die Daten bleiben in %s.") % settings.DATA_DIR,
        ]
    )
