"""Child processes that one supervisor starts, watches and stops; closing database connections."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 10
"""Time that child processes get to end before they are killed."""


def close_connections() -> None:
    """Close all database connections and their pools."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal. Like KeyboardInterrupt, ``except Exception`` does not catch it."""


class StopSignals:
    """Turns stop signals into ``StopRequested``, but not while :meth:`held` protects a step.

    Without this protection, a child that was started but not yet stored would never be stopped.
    """

    def __init__(self) -> None:
        self._holding = False
        self._requested = False

    def install(self) -> None:
        for number in STOP_SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._receive)

    def ignore(self) -> None:
        """Ignore the signals while the supervisor stops: a second Ctrl-C must not interrupt that."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Delays a signal that arrives in the block until the end of the block."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._requested:
            raise StopRequested

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._requested = True
        if not self._holding:
            raise StopRequested


@dataclass
class Child:
    """A child with its own process group, so that Ctrl-C at the terminal reaches only the supervisor."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, command: list[str], *, log: Path, cwd: Path) -> "Child":
        """Start ``command``; its output is appended to ``log``."""
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - the caller's own commands
                command,
                cwd=cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name, process, log)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None


def stop_all(children: list[Child]) -> None:
    """Send SIGTERM to all, wait ``STOP_SECONDS`` at most in total, then kill the rest of their process groups."""
    for child in children:
        if child.is_running:
            child.process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, end - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
