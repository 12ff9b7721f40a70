"""Settings of gunicorn for the demo and for production.

Run as ``gunicorn --config python:portal.gunicorn portal.wsgi``. ``HOST``, ``PORT``, ``WEB_CONCURRENCY`` (processes)
and ``WEB_THREADS`` (threads in each) come from the environment.
"""

import os
import shutil
import socket
import struct
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from prometheus_client.multiprocess import mark_process_dead

from portal.environment import load_settings
from portal.operations import logs
from portal.processes import close_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")
load_settings()  # before the server starts, so that a missing variable gives one sentence

_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"


class Worker(ThreadWorker):
    """One that stops takes who is already connected, then listens no more, though it still answers others.

    A proxy then goes on to the next server at once. Until the last process has ended, it would connect here
    otherwise, send its request, and hear only that the connection is gone: a form that it must not send again.
    """

    sockets: list[Any]

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if enabled or self.alive or not self.sockets:
            return
        for listener in self.sockets:
            taken = -1
            while taken != self.nr_conns:
                taken = self.nr_conns
                self.accept(listener)
            listener.close()
        self.sockets = []


worker_class = Worker
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # load once, then fork: half the start-up time, and shared memory

timeout = 60  # seconds without a sign of life after which a worker is killed
graceful_timeout = 20  # seconds that running requests get when the server stops
keepalive = 5  # seconds
limit_request_line = 8190  # the most it takes: in a question each Arabic letter is six characters
secure_scheme_headers: dict[
    str, str
] = {}  # gunicorn believes nobody; settings.BEHIND_PROXY decides
max_requests = 20_000  # then the worker is replaced, so that memory leaks do not add up
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no slow disk

control_socket_disable = True  # two servers of the same user would share one socket

accesslog = None  # URLs of status pages contain secret tokens; LOG_REQUESTS logs routes instead


class Lines(Logger):
    """gunicorn's own lines and tracebacks have no content, either, and look like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(
                logs.formatter(f"{self.error_fmt}%(trace)s", style="%", dates=self.datefmt)
            )


logger_class = Lines

METRICS = "portal-metrics-"
if os.environ.get("METRICS_TOKEN"):
    folder = tempfile.mkdtemp(prefix=METRICS, dir=worker_tmp_dir)
    if os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder) != folder:
        Path(folder).rmdir()


def _place(master: int, number: int) -> str:
    """Which files a process counts into: in the folder of its own server, or of all servers of this machine.

    The environment names the latter. There a server counts on where the one before it on its port has stopped.
    """
    is_own = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name.startswith(METRICS)
    return f"{master}-{number}" if is_own else f"port{_port}-{number}"


def pre_fork(server: Any, worker: Any) -> None:
    """Close the connections that the master process has opened: processes must not share them.

    The new process gets the first free place to count requests in (``portal/operations/metrics.py``).
    """
    close_connections()
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = min(set(range(len(taken) + 1)) - taken)


def post_fork(server: Any, worker: Any) -> None:
    from portal.operations import metrics

    metrics.use_place(_place(os.getppid(), worker.place))


def child_exit(server: Any, worker: Any) -> None:
    """What an ended process has counted stays; its connections are gone."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(_place(os.getpid(), worker.place))


def on_exit(server: Any) -> None:
    """Remove the counts, unless another server goes on with them."""
    folder = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""))
    if folder.name.startswith(METRICS) and not server.reexec_pid:
        shutil.rmtree(folder, ignore_errors=True)


CLIENT_SECONDS = 5
"""A client that sends or takes nothing for longer than this is given up, so that it frees its thread.

One that sends a byte now and then still holds it: only a buffering proxy helps (deploy/).
"""


def post_worker_init(worker: Any) -> None:
    """The limit goes to the listening socket; Linux hands it on to each connection."""
    limit = struct.pack("ll", CLIENT_SECONDS, 0)
    for listener in worker.sockets:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
