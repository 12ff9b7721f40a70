"""The installation of these tests: its processes are started again when they end, as systemd does it."""

import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import requests
from django.conf import settings

from tests.faults.mail import BreakableMailServer
from tests.installation import GUNICORN, WORKER, Installation

ACCOUNT, PASSWORD = "verwaltung@example.org", "gelbe-Laterne-am-Neckar-7"
DISK_BYTES = 24_000_000
RESTART_SECONDS = 2.0
"""As the units of production have it."""


@dataclass
class Unit:
    """A process that is kept running."""

    name: str
    command: list[str]
    folder: Path
    more: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = 0.0

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def children(self) -> list[psutil.Process]:
        """The processes that it has forked, such as those that serve requests."""
        return self.everybody()[1:]

    def everybody(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            return [process, *process.children(recursive=True)]
        return []


@dataclass
class Portal(Installation):
    """Web and workers of any release, supervised; PostgreSQL and a mail server that tests may break."""

    mails: BreakableMailServer = field(default_factory=BreakableMailServer)
    small: Path | None = None
    """A disk of a few megabytes, for what may be full: uploads under way, mails. None where it cannot be mounted."""
    units: dict[str, Unit] = field(default_factory=dict)
    sign_up_path: str = "/anmelden/"
    page: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self, code: Path) -> None:
        """Set up with the ``code`` of some release: tables, starting data, an account."""
        self.mails.start()
        self.small = small_disk(self.folder / "small")
        self.environment = {
            "TMPDIR": str(self.small or self.folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}",
            "FORM_MIN_SECONDS": "0",
            "SECOND_THOUGHTS_SECONDS": "1",
            "DJANGO_SUPERUSER_EMAIL": ACCOUNT,
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        self.set_up(code)
        self.manage("createsuperuser", "--no-input", code=code)
        with self.connect() as opened:
            opened.execute(
                'INSERT INTO account_emailaddress (email, verified, "primary", user_id)'
                " SELECT email, true, true, id FROM volunteers_user"
            )
            (self.page,) = opened.execute(
                "SELECT id FROM portal_page WHERE slug = 'barrierefreiheit'"
            ).fetchone()
        self._supervisor.start()

    def keep(
        self, name: str, command: list[str], code: Path = settings.BASE_DIR, **more: str
    ) -> Unit:
        """Start a process, and again a second after it has ended."""
        unit = Unit(name, command, code, more)
        with self._lock:
            self.units[name] = unit
            unit.process = self.start(command, code, **more)
        return unit

    def end(self, name: str) -> None:
        """Stop a unit as systemd does: SIGTERM, and nobody starts it again."""
        with self._lock:
            unit = self.units.pop(name)
        assert unit.process is not None
        unit.process.terminate()
        unit.process.wait(60)

    def keep_all(self) -> None:
        """Two web processes, two workers, of this release."""
        self.keep("web", GUNICORN)
        for number in (1, 2):
            self.keep(f"worker {number}", WORKER)

    def said_by(self, name: str) -> str:
        """What the present process of this unit has logged."""
        process = self.units[name].process
        return self.said(process) if process else ""

    def kill(self, *names: str) -> None:
        """SIGKILL for these units and all that they have forked."""
        with self._lock:
            doomed = [one for name in names for one in self.units[name].everybody()]
            for process in doomed:
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def _supervise(self) -> None:
        while not self._stopped.wait(0.1):
            with self._lock:
                for unit in self.units.values():
                    self._look_after(unit)

    def _look_after(self, unit: Unit) -> None:
        if unit.process is None or unit.process.poll() is None:
            unit.ended_at = 0.0
        elif not unit.ended_at:
            unit.ended_at = time.monotonic()
        elif time.monotonic() - unit.ended_at >= RESTART_SECONDS:
            unit.process = self.start(unit.command, unit.folder, **unit.more)

    def connect(self, database: str = "portal") -> psycopg.Connection:
        """A connection of the test's own; raises when PostgreSQL is away, and does not start it."""
        if "PGHOST" not in self.environment:
            return super().connect(database)
        given = {name: self.environment[f"PG{name.upper()}"] for name in ("host", "port", "user")}
        return psycopg.connect(**given, dbname=database, autocommit=True, connect_timeout=5)

    def answers(self, path: str, port: int = 0) -> bool:
        """Whether the web server on this port, by default the portal's own, says 200."""
        with suppress(OSError):
            url = f"http://127.0.0.1:{port or self.port}{path}"
            return requests.get(url, timeout=10).status_code == 200
        return False

    def application(self, email: str) -> int | None:
        with suppress(psycopg.Error), self.connect() as opened:
            query = "SELECT id FROM volunteers_application WHERE email = %s"
            row = opened.execute(query, [email]).fetchone()
            return row[0] if row else None
        return None

    def stop(self) -> None:
        self._stopped.set()
        if self._supervisor.ident:  # it was started
            self._supervisor.join()
        super().stop()
        self.mails.stop()
        if self.small:
            subprocess.run(["umount", "--lazy", self.small], check=True)


def small_disk(folder: Path) -> Path | None:
    """A disk of its own at ``folder``; None without the right to mount one."""
    folder.mkdir()
    options = f"size={DISK_BYTES},mode=1777"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True
    )
    return folder if done.returncode == 0 else None
