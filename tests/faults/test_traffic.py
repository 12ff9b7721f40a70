"""Much to do at once: long exports and reports beside people, and many people on slow lines."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from tests.faults.hitting import Hit
from tests.faults.installation import Portal
from tests.faults.load import Load, wait_until
from tests.faults.proxy import NGINX, Proxy

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BUSY_SECONDS = 8
MANY = 5_000
"""People in the list that is exported."""
SLOW_CLIENTS = 200
SLOW_SECONDS = 8
PATIENCE = 20
"""Seconds that a page may take on a busy machine, while others are slow."""


def test_long_exports_and_reports_run_beside_people(portal: Portal, load: Load, hit: Hit) -> None:
    with portal.connect() as database:
        many_applications(database)
    exports = "/verwaltung/volunteers/application/export/"
    done: list[int] = []

    def export(key: str) -> None:
        client = load.staff()
        token = client.session.cookies.get("csrftoken", "")
        fields = {"format": key, "purpose": "Rundmail", "csrfmiddlewaretoken": token}
        end = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < end:
            answer = client.ask("POST", exports, "export", data=fields)
            assert answer is not None
            done.append(len(answer.content) if answer.status_code == 200 else 0)

    def report() -> None:
        client = load.staff()
        end = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < end:
            client.get("/verwaltung/berichte/", "report")

    with hit("long exports and reports beside people") as fault:
        at_once(lambda: export("csv"), lambda: export("xlsx"), report)
        assert done
        assert min(done) > MANY, "each has a line for each person"
        assert load.books.acknowledged_since(fault.began) > 0


def many_applications(database: psycopg.Connection) -> None:
    """Copies of an application, each of somebody else, without mails."""
    own = {"id", "email", "name", "public_id", "volunteer_id"}
    rows = database.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'volunteers_application' AND is_generated = 'NEVER'"
    )
    same = ", ".join(name for (name,) in rows if name not in own)
    copies = f"""
        INSERT INTO volunteers_application (email, name, public_id, {same})
        SELECT 'many-' || n || '@example.org', 'Amina ' || n, gen_random_uuid(), {same}
        FROM generate_series(1, %s) n,
            (SELECT * FROM volunteers_application WHERE status = 'unconfirmed' LIMIT 1) AS one
    """  # noqa: S608 - names of columns
    database.execute(copies, [MANY])


def at_once(*calls: Callable[[], None]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_many_slow_clients_hold_nobody_up(portal: Portal, load: Load, hit: Hit) -> None:
    """They come through the nginx that ships; half of them send slowly, half read slowly."""
    proxy = Proxy(portal)
    proxy.start()
    wait_until(proxy.answers)
    straight = load.addresses[:]
    try:
        load.addresses[:] = [proxy.address]
        with (
            hit(f"{SLOW_CLIENTS} slow clients through nginx") as fault,
            slow_clients(proxy) as slow,
        ):
            end = time.monotonic() + SLOW_SECONDS
            while time.monotonic() < end:
                began = time.monotonic()
                answer = load.client().get("/mitmachen/?frisch", "reading")
                assert answer is not None
                assert answer.status_code == 200
                assert time.monotonic() - began < PATIENCE
                time.sleep(0.2)
            assert slow() > SLOW_CLIENTS / 2, "they were there all the time"
        assert load.books.failures(fault.began) == []
    finally:
        load.addresses[:] = straight
        time.sleep(1)
        proxy.stop()


@contextmanager
def slow_clients(proxy: Proxy) -> Iterator[Callable[[], int]]:
    """Each from one of many network addresses; gives a function that counts those that are still connected."""
    stop = threading.Event()
    alive = [socket.socket() for _ in range(SLOW_CLIENTS)]
    for number, client in enumerate(alive):
        client.bind((f"127.0.1.{number % 100 + 1}", 0))
        client.connect(("127.0.0.1", proxy.port))
        client.sendall(b"GET /mitmachen/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        if number % 2:
            client.sendall(b"\r\n")
        client.setblocking(False)

    def trickle() -> None:
        while not stop.wait(1):
            for number, client in enumerate(alive[:]):
                with suppress(BlockingIOError):
                    try:
                        if number % 2:
                            client.recv(10)
                        else:
                            client.send(b"X-Slow: 1\r\n")
                    except ConnectionError:
                        alive.remove(client)

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield lambda: len(alive)
    finally:
        stop.set()
        thread.join()
        for client in alive:
            client.close()
