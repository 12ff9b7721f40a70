"""What every test may use: the database server of the run, browsers, the job worker, a mail server."""

import fcntl
import logging
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO, cast
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from pytest_django import DjangoDbBlocker, Settings

from portal import settings as settings_in_use
from portal.postgresql import server
from tests.mailserver import MailServer
from tests.settings import TEST_DATABASE

pytest_plugins = ["tests.browsers"]

# The same examples in every run: a change alone decides whether a test passes, not luck or a busy machine.
hypothesis_settings.register_profile("portal", derandomize=True, database=None, deadline=None)
hypothesis_settings.load_profile("portal")

RUN_LOCK = pytest.StashKey[TextIO]()
UNDER_WAY = pytest.StashKey[Path]()
PASSED = pytest.StashKey[bool]()
REFUSED = "django.security."
"""Django logs every request that it refuses as an error; what it answers is for the test to say."""
TRANSACTIONAL = {"transactional_db", "live_server", "run_jobs"}


def pytest_configure(config: pytest.Config) -> None:
    """Keep other test runs and demos out of this one's data folder: all would use one database server."""
    if hasattr(config, "workerinput"):  # a child of pytest-xdist
        return
    data_dir = Path(django_settings.DATA_DIR)
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = (data_dir / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise pytest.UsageError(
            f"A demo or another test run uses {data_dir}; give this run its own: DATA_DIR=… make test"
        ) from None
    config.stash[RUN_LOCK] = lock
    _make_anew_after_a_crash(config, data_dir / "test-run-under-way")


def _make_anew_after_a_crash(config: pytest.Config, under_way: Path) -> None:
    """The test database is kept, unless the last run was killed: what it had committed is still there."""
    if under_way.exists():
        config.option.create_db = True
    under_way.touch()
    config.stash[UNDER_WAY] = under_way


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note for the fixtures whether the test itself has passed."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded PostgreSQL that the first test with a database has started."""
    if RUN_LOCK not in config.stash:
        return
    config.stash[UNDER_WAY].unlink(missing_ok=True)
    data_dir = django_settings.DATABASES["default"].get("EMBEDDED_DATA_DIR")
    if data_dir is not None:
        server.stop(data_dir)
    config.stash[RUN_LOCK].close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Databases of former migrations go, once the one of today's stands."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s AND NOT starts_with(datname, %s)",
            ["test\\_portal\\_%", TEST_DATABASE],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _no_unexpected_errors(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Whatever logs an error fails, unless it is marked ``logs_errors``, and then it must."""
    yield
    logged = [
        record
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.ERROR and not record.name.startswith(REFUSED)
    ]
    expected = request.node.get_closest_marker("logs_errors") is not None
    if logged and not expected:
        pytest.fail(f"Logged, and nobody expected it: {logged[0].name}: {logged[0].getMessage()}")
    if expected and not logged and request.node.stash.get(PASSED, False):
        pytest.fail("No error was logged, although the test says that it logs one.")


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
