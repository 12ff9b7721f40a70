"""Children of a killed supervisor are found by a lock that they hold, never by a number alone."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from portal import processes
from portal.processes import NUMBER, Child, end_left_over, left_over

SLEEPS = "import time; time.sleep(60)"
FORKS = f"import os; os.fork(); {SLEEPS}"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEPS}"


def start(folder: Path, code: str, name: str = "web") -> Child:
    command = [sys.executable, "-c", code]
    return Child.start(name, command, log=folder / f"{name}.log", cwd=folder)


@pytest.mark.slow
def test_children_and_their_children_are_found_and_ended(tmp_path):
    parents = [start(tmp_path, FORKS), start(tmp_path, SLEEPS, "worker")]
    assert left_over(tmp_path) == {
        "web": parents[0].process.pid,
        "worker": parents[1].process.pid,
    }
    while not (forked := psutil.Process(parents[0].process.pid).children()):
        time.sleep(0.01)
    parents[0].process.kill()
    parents[0].process.wait()
    assert "web" in left_over(tmp_path), "its own child still lives"

    assert end_left_over(tmp_path) == {}
    assert parents[1].process.wait(60) != 0
    assert not psutil.wait_procs(forked, timeout=60)[1]


@pytest.mark.slow
def test_what_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 1)
    child = start(tmp_path, DEAF)
    while "deaf" not in child.log.read_text():
        time.sleep(0.01)
    assert end_left_over(tmp_path) == {}
    assert child.process.wait(5) == -9


@pytest.mark.parametrize("number", ["", "1", "mine"])
def test_a_number_without_the_lock_is_nobodys(tmp_path, number):
    with subprocess.Popen([sys.executable, "-c", SLEEPS], start_new_session=True) as stranger:
        text = str(stranger.pid) if number == "mine" else number
        (tmp_path / f"web{NUMBER}").write_text(text)
        assert left_over(tmp_path) == {}
        assert end_left_over(tmp_path) == {}
        time.sleep(0.2)
        assert stranger.poll() is None
        stranger.kill()


def test_a_child_that_ended_leaves_nothing(tmp_path):
    child = start(tmp_path, "pass")
    child.process.wait(10)
    assert left_over(tmp_path) == {}
    again = start(tmp_path, SLEEPS)
    assert left_over(tmp_path) == {"web": again.process.pid}
    processes.stop_all([again])
    assert left_over(tmp_path) == {}
