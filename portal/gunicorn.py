"""Settings of gunicorn for the demo and for production.

Run as ``gunicorn --config python:portal.gunicorn portal.wsgi``. ``HOST``, ``PORT``, ``WEB_CONCURRENCY`` (processes)
and ``WEB_THREADS`` (threads in each) come from the environment.
"""

import os
from pathlib import Path
from typing import Any

from portal.environment import load_settings
from portal.processes import close_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")
load_settings()  # before the server stands: what is missing is then one sentence

_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # one load for all processes: half the start-up time, shared memory

timeout = 60  # seconds in which a worker has to give a sign of life
graceful_timeout = 20  # seconds that open requests get when the server stops
keepalive = 5  # seconds
max_requests = 20_000  # then a worker makes room for a fresh one, so that no leak adds up
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no slow disk

control_socket_disable = True  # two servers of one user would share it
accesslog = None  # addresses of the status pages are secrets; the proxy in front logs what it needs


def pre_fork(server: Any, worker: Any) -> None:
    """Close what the master has opened while it loaded the portal: a connection has one owner."""
    close_connections()
