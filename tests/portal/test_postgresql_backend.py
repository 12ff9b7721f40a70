"""The portal brings its own PostgreSQL, and can also use an existing one."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from portal.postgresql import server
from tests.mailserver import free_port

pytestmark = pytest.mark.slow

BASE_DIR = settings.BASE_DIR
START = "import sys, pathlib; from portal.postgresql import server; server.start(pathlib.Path(sys.argv[1]))"


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """The main server processes of ``data_dir``, without their children."""
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and str(data_dir) in (process.info["cmdline"] or [])
    ]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "postgresql"
    yield folder
    if folder.is_dir():
        server.stop(folder)
    assert processes_of(folder) == []


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A used data folder, to be copied and not to be started."""
    folder = tmp_path_factory.mktemp("initialised") / "postgresql"
    server.start(folder)
    server.stop(folder)
    return folder


@pytest.fixture
def used_data_dir(data_dir: Path, initialised: Path) -> Path:
    """A data folder for one test, with a database in it; the server is not running."""
    shutil.copytree(initialised, data_dir)
    owner = initialised.stat()
    for path in [data_dir, *data_dir.rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid)
    return data_dir


def query(folder: Path, statement: str) -> object:
    with psycopg.connect(
        host=str(folder), port=server.PORT, user="postgres", dbname="postgres"
    ) as db:
        cursor = db.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


@pytest.mark.django_db
def test_umlauts_are_letters_whatever_the_language_of_the_machine():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower('ÄÖÜẞ'), upper('äöü'), 'Öl' ~ '^\\w+$', to_tsvector('german', 'Süd')"
        )
        assert cursor.fetchone() == ("äöüß", "ÄÖÜ", True, "'sud':1")


@pytest.mark.django_db
def test_the_server_listens_on_no_network_port():
    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)


@pytest.mark.slow
def test_a_running_server_is_used_again(used_data_dir: Path):
    server.start(used_data_dir)
    (first,) = processes_of(used_data_dir)

    server.start(used_data_dir)

    assert processes_of(used_data_dir) == [first]


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_server(data_dir: Path):
    command = [sys.executable, "-c", START, str(data_dir)]
    starting = [subprocess.Popen(command, cwd=BASE_DIR) for _ in range(4)]

    assert [process.wait(120) for process in starting] == [0, 0, 0, 0]
    assert len(processes_of(data_dir)) == 1
    assert query(data_dir, "SELECT 1") == 1


@pytest.mark.slow
def test_threads_that_start_at_once_share_one_server(used_data_dir: Path):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(server.start, [used_data_dir] * 8))

    assert len(processes_of(used_data_dir)) == 1


@pytest.mark.slow
def test_data_outlive_a_killed_server(used_data_dir: Path):
    server.start(used_data_dir)
    query(used_data_dir, "CREATE TABLE kept AS SELECT 7 AS number")
    (process,) = processes_of(used_data_dir)
    process.send_signal(signal.SIGKILL)
    process.wait(10)

    server.start(used_data_dir)

    assert query(used_data_dir, "SELECT number FROM kept") == 7


@pytest.mark.slow
def test_a_pid_file_with_the_number_of_a_stranger_is_no_server(used_data_dir: Path):
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            pid_file = used_data_dir / "postmaster.pid"
            pid_file.write_text(
                f"{stranger.pid}\n{used_data_dir}\n1\n5432\n{used_data_dir}\n\n\nready\n"
            )

            server.start(used_data_dir)
            server.stop(used_data_dir)

            assert stranger.poll() is None
        finally:
            stranger.terminate()


@pytest.mark.slow
def test_a_data_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path, initialised: Path):
    folder = tmp_path / ("x" * 100) / "postgresql"
    socket_dir = server.start(folder)
    try:
        assert socket_dir != folder
        assert query(socket_dir, "SELECT 1") == 1
    finally:
        server.stop(folder)
    assert not socket_dir.exists()


def test_stopping_what_does_not_run_does_nothing(tmp_path: Path):
    server.stop(tmp_path / "missing")
    server.stop(tmp_path)

    assert not server.is_running(tmp_path)


class TestBrokenDataFolders:
    """Each gives one sentence for the person at the terminal."""

    def test_a_file_in_its_place(self, data_dir: Path):
        data_dir.write_text("not a folder")
        with pytest.raises(
            server.ServerError, match="liegt keine Datenbank, sondern etwas anderes"
        ):
            server.start(data_dir)

    def test_a_file_above_it(self, tmp_path: Path):
        (tmp_path / "file").write_text("not a folder")
        with pytest.raises(server.ServerError, match="lässt sich nicht benutzen"):
            server.start(tmp_path / "file" / "postgresql")

    def test_a_folder_with_other_things_in_it(self, data_dir: Path):
        data_dir.mkdir()
        (data_dir / "letter.txt").write_text("Liebe Grüße")
        with pytest.raises(server.ServerError, match="etwas anderes"):
            server.start(data_dir)
        assert (data_dir / "letter.txt").exists()

    def test_a_database_of_another_version(self, used_data_dir: Path):
        (used_data_dir / "PG_VERSION").write_text("13\n")
        with pytest.raises(server.ServerError, match=r"ist von PostgreSQL 13, gebraucht wird \d+:"):
            server.start(used_data_dir)

    def test_a_damaged_database(self, used_data_dir: Path):
        (used_data_dir / "global" / "pg_control").unlink()
        with pytest.raises(server.ServerError, match="startet nicht") as caught:
            server.start(used_data_dir)
        assert "\n" not in str(caught.value)

    @pytest.mark.skipif(not Path("/sys").is_dir(), reason="no folder that even root may not write")
    def test_a_folder_that_may_not_be_written(self):
        with pytest.raises(server.ServerError, match="lässt sich nicht benutzen"):
            server.start(Path("/sys/portal/postgresql"))


# --- A server that is already there -----------------------------------------------------------


def system_programs() -> Path | None:
    """Debian's and Ubuntu's folder of PostgreSQL's programs, the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[str]:
    """The URL of a PostgreSQL from the system's programs, with a plain owner and a password."""
    programs = system_programs()
    if programs is None:
        pytest.skip("No PostgreSQL server of the system (Debian: apt install postgresql).")
    folder = tmp_path / "other"
    folder.mkdir(mode=0o700)
    server.account.hand_over(folder)
    server.account.open_the_way(folder)
    run_as = {"cwd": "/", "check": True, "capture_output": True, **server.account.run_as(folder)}
    port, data = free_port(), folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C.UTF-8"], **run_as)
    flags = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
    )
    control = [programs / "pg_ctl", "-D", data, "-w", "-s"]
    subprocess.run([*control, "-l", folder / "log", "-o", flags, "start"], **run_as)
    try:
        admin = {"host": "127.0.0.1", "port": port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**admin, autocommit=True) as database:
            database.execute("CREATE ROLE portal LOGIN PASSWORD 'geheim'")
            database.execute("CREATE DATABASE portal OWNER portal")
        yield f"postgresql://portal:geheim@127.0.0.1:{port}/portal"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run_as)


REQUEST = """
from django.test import Client
from django.db import connection
response = Client(headers={"host": "127.0.0.1"}).get("/")
print("home", response.status_code, "on", connection.settings_dict["ENGINE"])
"""


@pytest.mark.long
@pytest.mark.slow
def test_the_same_code_runs_on_a_server_that_is_already_there(other_server: str, tmp_path: Path):
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "test",
        "DATABASE_URL": other_server,
        "DATA_DIR": str(tmp_path / "data"),
    }

    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    manage("migrate", "--verbosity=0")
    manage("load_reference", "--verbosity=0")
    answer = manage("shell", "--verbosity=0", "--command", REQUEST)

    assert "home 200 on django.db.backends.postgresql" in answer
    assert not (tmp_path / "data" / "postgresql").exists()
