"""A node whose clock jumps, beside nodes whose clock is right; PostgreSQL's is right, too.

Requests of one person go to any node: a form may be shown by one that is an hour ahead and sent to
one that is right. Periods are counted in days and hours from what the nodes say, so nothing is
promised to the minute; but nobody is turned away, and nothing is lost or doubled.
"""

import time

import pytest

from tests.faults.hitting import Hit
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until
from tests.installation import GUNICORN, WORKER
from tests.mailserver import free_port

pytestmark = [pytest.mark.faults, pytest.mark.slow]

JUMPS = (3600, -3600)
"""Seconds by which the clock is wrong, one after the other."""
WRONG_SECONDS = 6
CLOCK = '''
"""Moves the clock of a running process, and of those that it forks, by the seconds that a file says."""
import os
import threading
import time

import time_machine

real = time_machine.escape_hatch.time.time
state = {"offset": 0, "coordinates": None}


def follow():
    while True:
        with open(os.environ["WRONG_BY"]) as file:
            offset = int(file.read() or 0)
        if offset != state["offset"]:
            state["offset"] = offset
            if state["coordinates"] is None:
                state["coordinates"] = time_machine.travel(real() + offset).start()
            else:
                state["coordinates"].move_to(real() + offset)
        time.sleep(0.2)


def begin():
    threading.Thread(target=follow, daemon=True).start()


os.register_at_fork(after_in_child=begin)
begin()
'''
"""As ``sitecustomize``. PostgreSQL and the mail server do not notice."""


def test_clock_of_a_node_jumps(portal: Portal, load: Load, hit: Hit) -> None:
    port = free_port()
    folder = portal.folder / "clock"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CLOCK)
    wrong_by = folder / "wrong_by"
    wrong_by.write_text("0")
    wrong = {"PYTHONPATH": str(folder), "WRONG_BY": str(wrong_by), "PORT": str(port)}
    node = f"http://127.0.0.1:{port}"
    portal.keep("other web", GUNICORN, **wrong)
    portal.keep("other worker", WORKER, **wrong)
    wait_until(lambda: portal.answers("/readyz", port))
    load.addresses.append(node)
    with hit("clock of a node an hour ahead, then an hour back") as fault:
        for offset in JUMPS:
            wrong_by.write_text(str(offset))
            time.sleep(WRONG_SECONDS)
        wrong_by.write_text("0")
        time.sleep(1)
        fault.is_over()
        load.addresses.remove(node)
        time.sleep(3)  # what is on its way there arrives
        portal.end("other web")
        portal.end("other worker")
    turned_away = [one for one in load.books.failures(fault.began) if 400 <= one.status < 500]
    assert turned_away == []
