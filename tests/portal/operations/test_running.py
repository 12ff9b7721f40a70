"""Real processes: what an installation does when PostgreSQL goes away, and what it loads when it starts."""

import re
import socket
import statistics
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests.installation import GUNICORN, WORKER, Answer, Installation

pytestmark = [pytest.mark.slow, pytest.mark.long]

NEEDS_DATABASE = [
    "/anmelden/",
    "/mitmachen/?q=sprache",
    "/termine/?art=schulung",
    "/zahlen/?frisch",
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory, tables):
    """PostgreSQL, two web processes with four threads each, and the two workers."""
    installation = Installation(tmp_path_factory.mktemp("installation"))
    try:
        installation.set_up(tables=tables)
        watcher = installation.folder / "watcher"
        watcher.mkdir()
        (watcher / "sitecustomize.py").write_text(WATCHER)
        installation.start(
            GUNICORN,
            PYTHONPATH=str(watcher),
            OPENED=str(installation.folder / "opened"),
            BASE_DIR=str(settings.BASE_DIR),
        )
        installation.wait_for(lambda: installation.get("/readyz").status == 200)
        yield installation
    finally:
        installation.stop()


WATCHER = '''
"""Notes each file of the project that a process opens after it was forked."""
import os
import sys

MASTER, BASE = os.getpid(), os.environ["BASE_DIR"] + "/"
FOLDERS = tuple(BASE + name for name in ("portal/", "programs/", "volunteers/", "welcome_rooms/", "templates/"))
NOTES = {}


def note(event, args):
    if event == "open" and os.getpid() != MASTER and str(args[0]).startswith(FOLDERS):
        if os.getpid() not in NOTES:
            NOTES[os.getpid()] = os.open(
                os.environ["OPENED"], os.O_APPEND | os.O_CREAT | os.O_WRONLY
            )
        os.write(NOTES[os.getpid()], f"{args[0]}\\n".encode())


sys.addaudithook(note)
'''


def everywhere(portal: Installation, path: str, times: int = 30) -> Counter[int]:
    """Ask often enough to meet every process; how often which status came."""
    return Counter(portal.get(path).status for _ in range(times))


@pytest.mark.slow
def test_change_is_seen_by_every_process_at_once(portal):
    slug, title = entry(portal)
    address = f"/freundeskreis/{slug}/"
    assert everywhere(portal, address) == {200: 30}
    for number in range(5):
        rename(portal, slug, f"Umbenannt {number}")
        for _ in range(20):
            assert f"Umbenannt {number}" in portal.get(address).text
    rename(portal, slug, title)


def entry(portal: Installation) -> tuple[str, str]:
    with portal.connect() as opened:
        return opened.execute(
            "SELECT slug, title FROM programs_entry WHERE kind = 'circle' ORDER BY id"
        ).fetchone()


def rename(portal: Installation, slug: str, title: str) -> None:
    with portal.connect() as opened:
        opened.execute("UPDATE programs_entry SET title = %s WHERE slug = %s", [title, slug])


def test_browser_asks_before_it_shows_a_page_again(portal):
    first = portal.get("/", Accept_Encoding="gzip")
    again = portal.get("/", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status, again.body) == (304, b"")


@pytest.fixture(scope="module")
def outage(portal):
    """Pages were seen before; then PostgreSQL is stopped and people go on asking: the first answers."""
    everywhere(portal, "/", 60)
    portal.stop_postgresql()
    return [portal.get(path) for path in ("/", *NEEDS_DATABASE)]


class TestWithoutPostgreSQL:
    """One outage for all of these tests; the last one ends it."""

    def test_first_requests_say_so_and_kept_pages_are_served(self, portal, outage):
        assert [answer.status for answer in outage] == [200, 503, 503, 503, 503]

    @pytest.mark.slow
    def test_kept_pages_and_static_files_are_served_while_many_wait(self, portal, outage):
        sheet = re.search(r"/static/css/portal[^\"]*", portal.get("/").text).group()
        stop = threading.Event()

        def insist() -> None:
            while not stop.is_set():
                portal.get("/anmelden/")

        crowd = [threading.Thread(target=insist) for _ in range(16)]
        for one in crowd:
            one.start()
        answers = [portal.get(path) for _ in range(20) for path in ("/", sheet, "/livez")]
        health = [portal.get(path) for _ in range(5) for path in ("/readyz", "/healthz")]
        stop.set()
        for one in crowd:
            one.join()
        assert {answer.status for answer in answers} == {200}
        assert {answer.status for answer in health} == {503}
        text = "one at a time asks for the database, nobody waits for it"
        assert median(answers) < longest(outage) / 2, text
        assert {answer.json["database"] for answer in health} == {"does not answer"}

    @pytest.mark.slow
    @pytest.mark.parametrize("path", NEEDS_DATABASE)
    def test_what_needs_it_says_so_at_once(self, portal, outage, path):
        answers = [portal.get(path) for _ in range(10)]
        assert all(map(says_so, answers))
        assert median(answers) < longest(outage) / 2

    def test_form_that_is_sent_says_so_at_once(self, portal, outage):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answers = [
            portal.ask("POST", "/anmelden/", body="name=Amina", headers=headers) for _ in range(10)
        ]
        assert all(map(says_so, answers))
        assert median(answers) < longest(outage) / 2

    @pytest.mark.slow
    def test_everything_recovers_by_itself(self, portal, outage):
        portal.start_postgresql()
        seconds = portal.wait_for(
            lambda: (
                everywhere(portal, "/anmelden/") == {200: 30}
                and everywhere(portal, "/readyz") == {200: 30}
            )
        )
        print(f"Recovered after {seconds:.1f} s")  # noqa: T201 - for the log of the run
        slug, _title = entry(portal)
        rename(portal, slug, "Nach dem Ausfall")
        for _ in range(20):
            assert "Nach dem Ausfall" in portal.get(f"/freundeskreis/{slug}/").text


def median(answers: list[Answer]) -> float:
    """Seconds."""
    return statistics.median(answer.seconds for answer in answers)


def longest(answers: list[Answer]) -> float:
    """Seconds; of the first requests in an outage one waits for the database."""
    return max(answer.seconds for answer in answers)


def says_so(answer: Answer) -> bool:
    return (
        answer.status == 503
        and int(answer.headers["Retry-After"]) > 0
        and "gerade nicht erreichbar" in answer.text
    )


@pytest.mark.slow
def test_restart_of_postgresql_between_requests_is_seen_by_nobody(portal):
    everywhere(portal, "/anmelden/", 60)
    portal.stop_postgresql()
    portal.start_postgresql()
    assert everywhere(portal, "/anmelden/", 60) == {200: 60}


def job(portal: Installation) -> int:
    """Put a job into a queue."""
    with portal.connect() as opened:
        (number,) = opened.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            """ VALUES ('jobs', 'sign_of_life', '{"timestamp": 0}') RETURNING id"""
        ).fetchone()
        return number


def is_done(portal: Installation, number: int) -> bool:
    with portal.connect() as opened:
        query = "SELECT status FROM procrastinate_jobs WHERE id = %s"
        return opened.execute(query, [number]).fetchone() == ("succeeded",)


LESS = 25
"""Seconds. A job that is running would wait for a connection for half a minute, if one let it."""


@pytest.mark.slow
def test_worker_that_loses_postgresql_goes_on_when_it_is_back(portal):
    worker = portal.start(WORKER)
    first = job(portal)
    portal.wait_for(lambda: is_done(portal, first))
    for seconds_away in (0, 12):  # a restart; longer than the time between two heartbeats
        portal.stop_postgresql()
        time.sleep(seconds_away)
        portal.start_postgresql()
        second = job(portal)
        took = portal.wait_for(lambda number=second: is_done(portal, number), LESS)
        print(f"Away for {seconds_away} s, at work again after {took:.1f} s")  # noqa: T201
    assert worker.poll() is None
    portal.wait_for(lambda: portal.get("/healthz").json.get("worker") == "ok")
    worker.terminate()
    assert worker.wait(20) == 0
    portal.processes.remove(worker)


@pytest.mark.slow
def test_worker_that_cannot_reach_postgresql_for_long_ends_with_an_error(portal):
    portal.stop_postgresql()
    worker = portal.start(WORKER, WORKER_GIVE_UP_SECONDS="2")
    status = worker.wait(30)
    said = portal.said(worker)
    portal.processes.remove(worker)
    portal.start_postgresql()
    assert status == 1
    assert said == "CommandError: Die Datenbank antwortet seit 2 Sekunden nicht.\n"


@pytest.mark.slow
def test_worker_without_work_stops_at_once(portal):
    worker = portal.start(WORKER)
    number = job(portal)
    portal.wait_for(lambda: is_done(portal, number))
    worker.terminate()
    assert worker.wait(10) == 0
    portal.processes.remove(worker)


@pytest.mark.slow
def test_client_that_falls_silent_in_its_request_is_given_up(portal):
    with socket.create_connection(("127.0.0.1", portal.port), timeout=20) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ")
        began = time.monotonic()
        assert slow.recv(100) == b"", "given up before the patience of this test ends"
        assert time.monotonic() - began > 3


@pytest.mark.slow
def test_nothing_of_the_project_is_loaded_by_serving_a_page(portal):
    """The last test of this installation: it has served a lot by now."""
    pages = ("/gibt-es-nicht/", "/termine/", "/begleitung/", "/konto/code/", "/verwaltung/")
    for path in ("/", *NEEDS_DATABASE, *pages):
        everywhere(portal, path)
    opened = portal.folder / "opened"
    late = opened.read_text().splitlines() if opened.exists() else []
    assert sorted({str(Path(one).relative_to(settings.BASE_DIR)) for one in late}) == []
