"""A whole installation in processes of its own: PostgreSQL that tests may stop, gunicorn, workers."""

import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings

from portal.postgresql import server
from portal.postgresql.programs import programs
from tests.mailserver import free_port

GUNICORN = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn"]
WORKER = [sys.executable, "manage.py", "worker", "--concurrency", "2"]
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Survives a killed process, though not a machine that loses its power."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


@dataclass
class Installation:
    """In production mode, with a fresh database; :meth:`stop` ends all of it."""

    folder: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def data_dir(self) -> Path:
        return self.folder / "postgresql"

    def set_up(self, code: Path = settings.BASE_DIR, tables: Path | None = None) -> None:
        """Start PostgreSQL, make the tables, load the starting data, as the release in ``code`` does it.

        ``tables`` is a dump of a database of that release that is migrated and empty (the fixture ``tables``);
        without one, it is migrated. What ``environment`` holds already stays.
        """
        socket_dir = self.start_postgresql()
        with self.connect("postgres") as opened:
            opened.execute("CREATE DATABASE portal")
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(self.folder / "data"),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "DATABASE_URL": "postgres:///portal",
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "portal@example.org",
            "SECOND_FACTOR_REQUIRED": "0",
            "PORT": str(self.port),
            "PGHOST": str(socket_dir),
            "PGPORT": str(server.PORT),
            "PGUSER": server.SUPERUSER,
        } | self.environment
        if tables is None:
            self.manage("migrate", code=code)
        else:
            restore = [programs() / "pg_restore", "--exit-on-error", "--dbname=portal", tables]
            subprocess.run(restore, env=self.environment, check=True)
        for command in ("load_reference", "collectstatic --no-input"):
            self.manage(*command.split(), code=code)

    def manage(self, *arguments: str, code: Path = settings.BASE_DIR) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments, "--verbosity", "0"],
            cwd=code,
            env=self.environment,
            check=True,
            timeout=900,
        )

    def start_postgresql(self) -> Path:
        return server.start(self.data_dir, UNSAFE)

    def stop_postgresql(self) -> None:
        done = server._run("pg_ctl", self.data_dir, "stop", "-w", "-t30", "-mfast")
        assert done.ok, (done.output, server._ping(self.data_dir))

    def connect(self, database: str = "portal") -> psycopg.Connection:
        return psycopg.connect(
            host=str(server.start(self.data_dir, UNSAFE)),
            port=server.PORT,
            user=server.SUPERUSER,
            dbname=database,
            autocommit=True,
        )

    def start(
        self, command: list[str], code: Path = settings.BASE_DIR, **more: str
    ) -> subprocess.Popen[bytes]:
        """Start a process of the portal; what it says goes into a file of the folder."""
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=code,
                env={**self.environment, **more},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def said(self, process: subprocess.Popen[bytes]) -> str:
        return (self.folder / f"{self.processes.index(process)}.log").read_text()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(
            "GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )

    def ask(self, method: str, path: str, *, body: str = "", headers: dict[str, str]) -> Answer:
        began = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as opened:
            opened.request(method, path, body or None, headers)
            got = opened.getresponse()
            answered = dict(got.getheaders())
            return Answer(got.status, answered, got.read(), time.monotonic() - began)

    def wait_for(self, what: Callable[[], bool], seconds: float = 60) -> float:
        """Wait until ``what`` is true; returns how long that took. No server yet counts as false."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            for process in self.processes:
                assert process.poll() is None, self.said(process)
            try:
                if what():
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"Not within {seconds} seconds.")

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        server.stop(self.data_dir)
