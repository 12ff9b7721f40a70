"""Settings of gunicorn for the demo and for production.

Run as ``gunicorn --config python:portal.gunicorn portal.wsgi``. ``HOST``, ``PORT``, ``WEB_CONCURRENCY`` (processes)
and ``WEB_THREADS`` (threads in each) come from the environment.
"""

import os
import socket
import struct
from pathlib import Path
from typing import Any

from portal.environment import load_settings
from portal.operations import logs
from portal.processes import close_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")
load_settings()  # before the server starts, so that a missing variable gives one sentence

_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # load once, then fork: half the start-up time, and shared memory

timeout = 60  # seconds without a sign of life after which a worker is killed
graceful_timeout = 20  # seconds that running requests get when the server stops
keepalive = 5  # seconds
secure_scheme_headers: dict[
    str, str
] = {}  # gunicorn believes nobody; settings.BEHIND_PROXY decides
max_requests = 20_000  # then the worker is replaced, so that memory leaks do not add up
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no slow disk

control_socket_disable = True  # two servers of the same user would share one socket

accesslog = None  # URLs of status pages contain secret tokens; the proxy logs what it needs


def on_starting(server: Any) -> None:
    """gunicorn's own lines and tracebacks have no content, either."""
    for handler in server.log.error_log.handlers:
        handler.setFormatter(logs.Formatter(server.log.error_fmt, server.log.datefmt))


def pre_fork(server: Any, worker: Any) -> None:
    """Close the connections that the master process has opened: processes must not share them."""
    close_connections()


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
