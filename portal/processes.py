"""Child processes that one supervisor starts, watches and stops; closing database connections."""

import fcntl
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
NUMBER = ".pid"
"""Suffix of the file with the number of a child, beside its log."""


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
        """Start ``command``; its output is appended to ``log``.

        The child and its own children inherit a lock on the file with its number. So the lock is
        held as long as one of them lives, even if the supervisor is killed (:func:`left_over`).
        """
        number = log.with_suffix(NUMBER)
        with log.open("ab") as output, number.open("w", encoding="utf-8") as claim:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            process = subprocess.Popen(  # noqa: S603 - the caller's own commands
                command,
                cwd=cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[claim.fileno()],
            )
            claim.write(str(process.pid))
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


def left_over(folder: Path) -> dict[str, int]:
    """Name → process group of children whose supervisor was killed, by the files in ``folder``.

    Only a group that holds the lock counts: a number alone may meanwhile be that of another process.
    """
    found = {}
    for number in sorted(folder.glob(f"*{NUMBER}")):
        with number.open(encoding="utf-8") as claim:
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found[number.stem] = int(claim.read() or 0)
    return found


def end_left_over(folder: Path) -> dict[str, int]:
    """End what :func:`left_over` finds; returns those that could not be ended."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for group in left_over(folder).values():
            if group > 1:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, sign)
        end = time.monotonic() + STOP_SECONDS
        while left_over(folder) and time.monotonic() < end:
            time.sleep(0.05)
    return left_over(folder)
