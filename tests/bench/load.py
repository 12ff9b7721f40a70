"""Servers and requests of the benchmark, all on this machine and limited in number."""

import contextlib
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 180
GZIP = {"Accept-Encoding": "gzip"}
"""As every browser asks."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A gunicorn with one process that serves requests."""

    port: int
    pid: int
    started_in: float
    """Seconds until it answered."""

    def process(self) -> int:
        """The process that serves requests; the other one only watches it."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(children[0])

    def megabytes(self) -> float:
        """Memory of the serving process. What it shares with the other processes counts in equal parts."""
        text = Path(f"/proc/{self.process()}/smaps_rollup").read_text()
        (line,) = (line for line in text.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) / 1000

    def seconds_to_replace(self) -> float:
        """From a ``kill -9`` of the serving process until another one answers."""
        begun = time.monotonic()
        os.kill(self.process(), signal.SIGKILL)
        _wait_for(self.port)
        return time.monotonic() - begun


@contextlib.contextmanager
def serve(application: str, *options: str, **environment: str) -> Iterator[Server]:
    """Run ``application`` under gunicorn with one worker."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--worker-class", "gthread", "--threads", "2"]
    command += ["--keep-alive", "75", "--log-level", "error", *options]
    env = {**os.environ, "PORT": str(port), **environment}
    begun = time.monotonic()
    process = subprocess.Popen(command, env=env)
    try:
        _wait_for(port)
        yield Server(port, process.pid, time.monotonic() - begun)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
            connection.request("GET", "/livez")
            connection.getresponse().read()
            return
        time.sleep(0.02)
    raise TimeoutError(f"No server on port {port} after {START_SECONDS} s.")


@dataclass
class Target:
    """Pages to measure; ``seconds`` collects the time of every request."""

    name: str
    port: int
    paths: Sequence[str]
    """They are asked for in turn."""
    headers: dict[str, str] = field(default_factory=lambda: dict(GZIP))
    status: int = 200
    body: Callable[[], str] | None = None
    """What is posted; None: GET."""
    rounds: list[list[float]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """The median of the rounds; of a round, requests per second at the median time of one."""
        return statistics.median(1 / statistics.median(seconds) for seconds in self.rounds)

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 requests were answered: the median of the rounds."""
        return 1000 * statistics.median(
            sorted(seconds)[int(len(seconds) * 0.95)] for seconds in self.rounds
        )

    def to(self, other: "Target") -> float:
        """How much faster than ``other``: the median of the rounds, each compared with the same one."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(
            statistics.median(theirs) / statistics.median(own) for own, theirs in pairs
        )


def measure(targets: Sequence[Target], *, rounds: int, requests: int) -> None:
    """Request every target in turn, so that other load on the machine affects all of them alike."""
    for round_ in range(rounds + 1):
        seconds: dict[int, list[float]] = {number: [] for number in range(len(targets))}
        connections = [
            http.client.HTTPConnection("127.0.0.1", one.port, timeout=30) for one in targets
        ]
        for number in range(requests):
            for which, target in enumerate(targets):
                seconds[which].append(_ask(connections[which], target, number))
        for which, target in enumerate(targets):
            connections[which].close()
            if round_:  # the first round warms up
                target.rounds.append(seconds[which])


def _ask(connection: http.client.HTTPConnection, target: Target, number: int) -> float:
    path = target.paths[number % len(target.paths)]
    body = target.body() if target.body else None
    start = time.perf_counter()
    connection.request("POST" if body is not None else "GET", path, body, target.headers)
    response = connection.getresponse()
    response.read()
    if response.status != target.status:
        raise RuntimeError(f"{path} answered {response.status}, not {target.status}.")
    return time.perf_counter() - start
