"""Mails and the rest have workers of their own: what hangs in one queue holds up no other."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.core.mail import send_mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from pytest_django import Settings

from portal.demo import WORKERS
from tests.mailserver import MailServer
from volunteers import chores, tasks

HANGS = "haengt@example.org"


def option(worker: str, name: str) -> str:
    return WORKERS[worker][WORKERS[worker].index(name) + 1]


async def all_workers() -> None:
    """Those of demo and production, until no job is left."""
    async with app.open_async():
        await asyncio.gather(
            *(
                app.run_worker_async(
                    queues=option(worker, "--queues").split(","),
                    concurrency=int(option(worker, "--concurrency")),
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                )
                for worker in WORKERS
            )
        )


@contextmanager
def workers_at_work() -> Iterator[None]:
    """While the block runs, in a thread; leaves it when they have done everything."""
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    by_the_clock = mock.patch.dict(app.periodic_registry.periodic_tasks, clear=True)
    with app.replace_connector(connector), by_the_clock, ThreadPoolExecutor(1) as executor:
        done = executor.submit(lambda: asyncio.run(all_workers()))
        yield
        done.result()


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def statuses() -> dict[str, int]:
    """How many jobs have each status."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_mail_that_hangs_stops_neither_mails_nor_chores_nor_retention(
    smtp_server: MailServer, settings: Settings, monkeypatch
):
    settings.EMAIL_TIMEOUT = 8
    smtp_server.hangs_at = {HANGS}
    ran: list[str] = []
    monkeypatch.setattr(chores, "CHORES", (lambda: ran.append("chore"),))
    monkeypatch.setattr(tasks.retention, "run", lambda: ran.append("retention"))
    send_mail("Erste", "Text", None, [HANGS])
    send_mail("Zweite", "Text", None, ["b@example.org"])
    tasks.run_chores.defer(timestamp=1)
    tasks.run_retention.defer(timestamp=1)

    with workers_at_work():
        wait_until(lambda: smtp_server.messages and len(ran) == 2)
        wait_until(lambda: statuses() == {"doing": 1, "succeeded": 3})

    assert [mail["Subject"] for mail in smtp_server.messages] == ["Zweite"]
    assert sorted(ran) == ["chore", "retention"]
    assert statuses() == {"succeeded": 3, "todo": 1}, "the one that hung is tried again"


def test_every_queue_has_a_worker_in_demo_and_production():
    served = {queue for worker in WORKERS for queue in option(worker, "--queues").split(",")}
    used = {task.queue for task in app.tasks.values() if not task.name.startswith("builtin")}
    assert used == served == set(django_settings.QUEUES)
    units = (django_settings.BASE_DIR / "deploy" / "systemd").glob("*.service")
    started = "".join(unit.read_text() for unit in units)
    for options in WORKERS.values():
        assert f"manage.py worker {' '.join(options)} " in started


def test_a_process_has_connections_for_all_that_its_worker_does_at_once():
    at_once = max(int(option(worker, "--concurrency")) for worker in WORKERS)
    assert at_once < django_settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
