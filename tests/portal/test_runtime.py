"""``make demo`` for a user: one command, one address, Ctrl-C, nothing left behind."""

import contextlib
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from portal.demo_accounts import DEMO_ACCOUNTS
from tests.mailserver import free_port

pytestmark = [pytest.mark.slow, pytest.mark.long]

START_SECONDS = 180
STOP_SECONDS = 40


_numbers = itertools.count(1)


class Demo:
    """A demo in a separate process, with its own data folder and port."""

    def __init__(self, data_dir: Path, port: int | str) -> None:
        self.data_dir = data_dir
        self.port = port
        self.output = data_dir.parent / f"{data_dir.name}-{next(_numbers)}.out"
        # Only the environment of a plain shell: the demo needs no settings.
        environment = {"PATH": os.environ["PATH"], "PORTAL_MODE": "demo"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=settings.BASE_DIR,
                env={**environment, "DATA_DIR": str(data_dir), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        """Wait until the demo has printed ``text``."""
        end = time.monotonic() + START_SECONDS
        while text not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def processes(self) -> list[psutil.Process]:
        """All processes on the machine that use this demo's data folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def left_over(self) -> list[psutil.Process]:
        """What has not ended within seconds: PostgreSQL removes its pid file just before it ends itself."""
        _gone, alive = psutil.wait_procs(self.processes(), timeout=30)
        return alive

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            in_command = any(str(self.data_dir) in part for part in process.cmdline())
            return in_command or process.environ().get("DATA_DIR") == str(self.data_dir)
        return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def clean_up(self) -> None:
        """For a test that failed half-way."""
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "daten"


@pytest.fixture(scope="module")
def first_demo(data_dir: Path) -> Iterator[Demo]:
    """The first start in a new folder."""
    demo = Demo(data_dir, free_port())
    demo.wait_for("Das Portal läuft")
    yield demo
    demo.clean_up()


@pytest.fixture
def start(tmp_path: Path) -> Iterator:
    """Start demos that end with the test; by default in a new folder."""
    demos: list[Demo] = []

    def start_one(data_dir: Path | None = None, port: int | str | None = None) -> Demo:
        demo = Demo(
            data_dir or tmp_path / f"daten{len(demos)}", free_port() if port is None else port
        )
        demos.append(demo)
        return demo

    yield start_one
    for demo in demos:
        demo.clean_up()


class TestRunningDemo:
    """One demo for all of these tests; the last one stops it."""

    def test_is_healthy(self, first_demo: Demo):
        status, body = first_demo.get("/healthz")

        assert status == 200
        assert '"status": "ok"' in body

    def test_shows_the_home_page_with_its_styles(self, first_demo: Demo):
        status, body = first_demo.get("/")

        assert status == 200
        assert "Stuttgart" in body
        stylesheets = re.findall(r'href="(/static/[^"]+\.css)"', body)
        assert stylesheets
        assert all(first_demo.get(path)[0] == 200 for path in stylesheets)

    def test_prints_the_address_and_an_account_for_each_role(self, first_demo: Demo):
        assert f"http://127.0.0.1:{first_demo.port}/" in first_demo.said
        assert DEMO_ACCOUNTS
        for account in DEMO_ACCOUNTS:
            (line,) = [line for line in first_demo.said.splitlines() if account.email in line]
            assert str(account.role) in line
            assert account.password in line
            assert str(account.may) in line

    def test_has_a_mailbox(self, first_demo: Demo):
        assert first_demo.get("/demo/postfach/")[0] == 200

    @pytest.mark.slow
    def test_a_second_demo_in_the_same_folder_is_refused(self, first_demo: Demo, start):
        second = start(first_demo.data_dir)

        assert second.process.wait(60) == 1
        assert "läuft schon eine Vorführung" in second.said.splitlines()[-1]
        assert f"(Prozess {first_demo.process.pid})" in second.said
        assert first_demo.get("/healthz")[0] == 200

    @pytest.mark.slow
    def test_a_port_in_use_is_one_sentence(self, first_demo: Demo, start):
        second = start(port=first_demo.port)

        assert second.process.wait(60) == 1
        (line,) = second.said.splitlines()
        assert f"PORT={int(first_demo.port) + 1} make demo" in line

    @pytest.mark.slow
    def test_ctrl_c_stops_everything_and_the_next_start_finds_the_data(
        self, first_demo: Demo, start
    ):
        assert (
            len(first_demo.processes()) >= 5
        )  # supervisor, gunicorn and its workers, worker, postgres
        assert first_demo.stop(signal.SIGINT) == 0
        assert first_demo.left_over() == []
        assert "Traceback" not in first_demo.said

        began = time.monotonic()
        again = start(first_demo.data_dir)
        again.wait_for("Das Portal läuft")
        print(f"second start: {time.monotonic() - began:.1f} s")  # noqa: T201 - for the log of the run

        assert "eingerichtet" not in again.said
        assert again.get("/")[0] == 200
        assert again.stop() == 0
        assert again.left_over() == []


class TestEndings:
    """However it ends, no process is left. These tests use the data folder of the first demo."""

    @pytest.fixture
    def ready_dir(self, first_demo: Demo) -> Path:
        first_demo.clean_up()
        return first_demo.data_dir

    @pytest.mark.slow
    def test_two_demos_run_side_by_side(self, ready_dir: Path, start, tmp_path: Path):
        subprocess.run(["cp", "-a", ready_dir, tmp_path / "zweite"], check=True)
        first, second = start(ready_dir), start(tmp_path / "zweite")
        first.wait_for("Das Portal läuft")
        second.wait_for("Das Portal läuft")

        assert first.get("/healthz")[0] == second.get("/healthz")[0] == 200
        assert second.stop(signal.SIGTERM) == 0
        assert second.left_over() == []
        assert first.get("/healthz")[0] == 200
        assert first.stop() == 0

    @pytest.mark.slow
    @pytest.mark.parametrize("program", ["gunicorn", "manage.py worker", "bin/postgres"])
    def test_a_part_that_dies_ends_the_demo_and_is_named(self, ready_dir: Path, start, program):
        demo = start(ready_dir)
        demo.wait_for("Strg+C")
        victims = [p for p in demo.processes() if program in " ".join(p.cmdline())]
        min(victims, key=lambda process: process.create_time()).kill()

        assert demo.process.wait(STOP_SECONDS) == 1
        expected = {
            "gunicorn": "gunicorn",
            "manage.py worker": "worker",
            "bin/postgres": "Datenbank",
        }
        assert expected[program] in demo.said.splitlines()[-1]
        assert demo.left_over() == []

    @pytest.mark.slow
    def test_what_a_killed_demo_left_is_ended_by_the_next_start(self, ready_dir: Path, start):
        demo = start(ready_dir)
        demo.wait_for("Strg+C")
        demo.stop(signal.SIGKILL)
        left = {process.pid: " ".join(process.cmdline()) for process in demo.processes()}
        named = " ".join(left.values())
        assert all(part in named for part in ("gunicorn", "manage.py worker", "postgres"))

        again = start(ready_dir, demo.port)
        again.wait_for("Strg+C")
        assert "Reste einer abgebrochenen Vorführung" in again.said
        assert again.get("/healthz")[0] == 200
        old = {pid for pid, command in left.items() if "postgres" not in command}
        assert len(old) >= 4
        assert not old & {process.pid for process in again.processes()}
        assert again.stop() == 0
        assert again.left_over() == []

    @pytest.mark.slow
    @pytest.mark.parametrize("moment", ["Die Datenbank startet", "Das Portal startet"])
    def test_ctrl_c_during_the_start(self, ready_dir: Path, start, moment):
        demo = start(ready_dir)
        demo.wait_for(moment)

        assert demo.stop() == 0
        assert demo.left_over() == []
        assert "Traceback" not in demo.said

    @pytest.mark.slow
    def test_ctrl_c_while_a_new_data_folder_is_made(self, start):
        demo = start()
        demo.wait_for("Tabellen und Beispieldaten")
        time.sleep(1)

        assert demo.stop() == 0
        assert demo.left_over() == []
        assert "Traceback" not in demo.said


class TestBrokenStarts:
    """Each gives one sentence and a non-zero status."""

    def sentence(self, demo: Demo) -> str:
        assert demo.process.wait(60) == 1
        assert demo.left_over() == []
        assert "Traceback" not in demo.said
        return demo.said.splitlines()[-1]

    @pytest.mark.slow
    def test_a_port_of_a_stranger(self, start):
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            port = stranger.getsockname()[1]

            sentence = self.sentence(start(port=port))

        assert f"127.0.0.1:{port}" in sentence

    @pytest.mark.slow
    @pytest.mark.parametrize("port", ["0", "70000", "-1"])
    def test_a_port_that_is_none(self, start, port):
        assert "PORT" in self.sentence(start(port=port))

    @pytest.mark.slow
    def test_a_file_in_place_of_the_data_folder(self, tmp_path: Path, start):
        file = tmp_path / "daten"
        file.write_text("not a folder")

        assert f"Der Datenordner {file} lässt sich nicht benutzen" in self.sentence(start(file))

    @pytest.mark.slow
    def test_a_database_of_another_version(self, tmp_path: Path, start):
        folder = tmp_path / "alt" / "postgresql"
        folder.mkdir(parents=True)
        (folder / "PG_VERSION").write_text("9.6\n")

        assert "ist von PostgreSQL 9.6, gebraucht wird" in self.sentence(start(folder.parent))
