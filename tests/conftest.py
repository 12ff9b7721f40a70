"""Fixtures and settings for all tests: database, browsers, job worker, mail server."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from unittest import mock

import pytest
from django.core.cache import caches
from django.db import connection
from hypothesis import settings as hypothesis_settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from pytest_django import Settings

from portal import settings as settings_in_use
from tests.mailserver import MailServer

pytest_plugins = ["tests.browsers", "tests.databases", "tests.logged_errors"]

# The same examples in every run, so that only a change of the code makes a test fail.
hypothesis_settings.register_profile("portal", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_collection_finish() -> None:
    """All that is there before the first test stays until the end, so Python need not search it for garbage."""
    gc.collect()
    gc.freeze()


TRANSACTIONAL = {"transactional_db", "live_server", "run_jobs"}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Clear the caches, so that no test sees what another one has cached."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _empty_job_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test leaves no jobs; Django's flush only empties tables of its own models."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if not (commits or TRANSACTIONAL & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    """A function that runs a real worker until no job is due.

    The worker has a thread of its own, because playwright keeps an event loop in the main thread.
    It does not touch failed jobs that wait for a retry. Periodic jobs do not start here: otherwise
    a test that runs across a full minute would find jobs that it did not create.
    """

    def work() -> None:
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        by_the_clock = mock.patch.dict(app.periodic_registry.periodic_tasks, clear=True)
        with app.replace_connector(connector), by_the_clock:
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    def run() -> None:
        with ThreadPoolExecutor(max_workers=1) as executor:
            executor.submit(work).result()

    return run


@pytest.fixture
def real_limits(settings: Settings) -> dict[str, dict[str, tuple[int, int]]]:
    """The production rate limits; most tests run without them."""
    limits: dict[str, dict[str, tuple[int, int]]] = settings_in_use.RATE_LIMITS
    settings.RATE_LIMITS = limits
    return limits


@pytest.fixture
def queued_mail(settings: Settings) -> None:
    """Mail goes through the portal's outbox; the worker then puts it into ``mail.outbox``."""
    settings.EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"


@pytest.fixture
def smtp_server(settings: Settings, queued_mail: None) -> Iterator[MailServer]:
    """A real mail server on this machine to which the worker delivers; ``messages`` has the received mails."""
    mail_server = MailServer()
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.host, mail_server.port
    mail_server.start()
    yield mail_server
    mail_server.stop()
