"""Another process that works in this test's database, to be killed at a chosen moment."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection

WORK = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.DATE_BY_DAY = (0, 24)
django.setup()
{work}
"""
CHORES = "from volunteers import chores; chores.run_all()"
PATIENCE = 60
"""Seconds after which a process counts as stuck."""


def start_worker(work: str = CHORES) -> "subprocess.Popen[bytes]":
    """Another process that does ``work`` in this test's database: by itself, it sends everything that is due."""
    name = connection.settings_dict["NAME"]
    code = WORK.format(work=work)
    return subprocess.Popen([sys.executable, "-c", code, name], cwd=settings.BASE_DIR)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def kill(worker: "subprocess.Popen[bytes]") -> None:
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(PATIENCE) == -signal.SIGKILL


def waits_for_the_outbox() -> bool:
    """Whether a process waits for the lock on the outbox that this test holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND relation = 'volunteers_outgoingmail'::regclass"
        )
        return bool(cursor.fetchone()[0])
