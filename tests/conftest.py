"""What every test may use: the database, browsers, the job worker, a mail server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from pytest_django import Settings

from portal import settings as settings_in_use
from tests.mailserver import MailServer

pytest_plugins = ["tests.browsers", "tests.databases", "tests.logged_errors"]

# The same examples in every run: a change alone decides whether a test passes, not luck or a busy machine.
hypothesis_settings.register_profile("portal", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile("portal")

TRANSACTIONAL = {"transactional_db", "live_server", "run_jobs"}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees what another one has cached."""
    cache.clear()


@pytest.fixture(autouse=True)
def _empty_job_queue(request: pytest.FixtureRequest) -> None:
    """A transactional test starts without jobs; Django flushes only the tables that it manages."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if commits or TRANSACTIONAL & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    """Run a real worker over every job that is due, until none is left.

    In a thread of its own, since playwright keeps an event loop in the main thread. A job that
    failed and waits for its next try is left alone. Nothing starts by the clock here: a test that
    runs across a full minute would find jobs that it did not make.
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
    """The limits that hold outside of the tests, where most tests must not meet them."""
    limits: dict[str, dict[str, tuple[int, int]]] = settings_in_use.RATE_LIMITS
    settings.RATE_LIMITS = limits
    return limits


@pytest.fixture
def queued_mail(settings: Settings) -> None:
    """Mail takes the portal's way through the outbox; pytest-django puts it into ``mail.outbox``."""
    settings.EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"


@pytest.fixture
def smtp_server(settings: Settings, queued_mail: None) -> Iterator[MailServer]:
    """A real mail server on this machine that the worker delivers to; ``messages`` is what came."""
    mail_server = MailServer()
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.host, mail_server.port
    mail_server.start()
    yield mail_server
    mail_server.stop()
