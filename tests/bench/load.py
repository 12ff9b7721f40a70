"""Servers and requests of the benchmark, all on this machine and limited in number."""

import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(application: str, **environment: str) -> Iterator[int]:
    """Run ``application`` under gunicorn with one worker; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--worker-class", "gthread", "--threads", "2"]
    command += ["--log-level", "error"]
    env = {**os.environ, "PORT": str(port), **environment}
    process = subprocess.Popen(command, env=env)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"No server on port {port} after {START_SECONDS} s.")


@dataclass
class Target:
    """One page to measure; ``seconds`` collects the time of every request."""

    name: str
    port: int
    path: str
    seconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests per second at the median time of one request."""
        return 1 / statistics.median(self.seconds)


def measure(targets: list[Target], *, rounds: int, requests: int) -> None:
    """Request every target in turn, so that other load on the machine affects all of them alike."""
    for round_ in range(rounds + 1):
        for target in targets:
            connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
            for _ in range(requests):
                start = time.perf_counter()
                connection.request("GET", target.path)
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    raise RuntimeError(f"{target.path} answered {response.status}.")
                if round_:  # the first round warms up
                    target.seconds.append(time.perf_counter() - start)
            connection.close()
