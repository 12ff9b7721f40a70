"""A job worker that outlives PostgreSQL.

procrastinate's own worker ends when it loses the database, and not always with an error, so that a
supervisor might leave it at that. This one waits until the database answers and goes on.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app, connector_params

from .tending import HEARTBEAT, LOOK_EVERY, LOST, KnownTasks, tend

logger = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two attempts to reach the database."""


class DatabaseGone(Exception):
    """The database has not answered for ``settings.WORKER_GIVE_UP_SECONDS``."""


async def work(*, queues: Sequence[str], concurrency: int, graceful_seconds: float | None) -> None:
    """Work until SIGINT or SIGTERM; running jobs then get ``graceful_seconds`` (None: all they need).

    Raises ``DatabaseGone``.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        await _wait_for_database(stop)
        running = asyncio.create_task(_run(queues, concurrency, graceful_seconds))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            running.cancel()
        try:
            with suppress(asyncio.CancelledError):
                await running
        except LOST as error:
            logger.warning(
                "The worker has lost the database and begins anew: %s", type(error).__name__
            )


async def _run(queues: Sequence[str], concurrency: int, graceful_seconds: float | None) -> None:
    """procrastinate's worker; returns or raises one of ``LOST`` when it loses the database."""
    connector = PsycopgConnector(kwargs=connector_params(), timeout=5, reconnect_timeout=1)
    limits: dict[str, Any] = {"queues": queues or None}
    limits |= {"concurrency": concurrency, "shutdown_graceful_timeout": graceful_seconds}
    limits |= {"update_heartbeat_interval": HEARTBEAT, "fetch_job_polling_interval": LOOK_EVERY}
    with app.replace_connector(connector) as its_app:
        its_app.tasks = KnownTasks(its_app.tasks)
        async with its_app.open_async():
            tending = asyncio.create_task(tend(its_app))
            try:
                await its_app.run_worker_async(install_signal_handlers=False, **limits)
            finally:
                tending.cancel()
                with suppress(asyncio.CancelledError):
                    await tending


async def _wait_for_database(stop: asyncio.Event) -> None:
    """Return as soon as the database answers, or when the worker is to stop."""
    began = time.monotonic()
    while not stop.is_set():
        try:
            async with await psycopg.AsyncConnection.connect(**connector_params()):
                return
        except psycopg.OperationalError:
            if time.monotonic() - began > settings.WORKER_GIVE_UP_SECONDS:
                raise DatabaseGone from None
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
