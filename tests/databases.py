"""The database server of a test run, and a fresh database for each process of the run.

Migrations run once. Their result is kept as a template, under a name made from all that it comes from
(``tests/settings.py``). Every process of every run begins with a new copy of it: no test ever sees what an
earlier run has left, however that run ended.
"""

import fcntl
from pathlib import Path
from typing import TextIO

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from portal import settings as settings_in_use
from portal.postgresql import server
from portal.processes import close_connections
from tests.settings import TEST_DATABASE

DATA_DIR: Path = settings_in_use.DATA_DIR
TEMPLATE = f"{TEST_DATABASE}_template"
RUN_LOCK = pytest.StashKey[TextIO]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep other test runs and demos out of this one's data folder: all would use one database server."""
    if hasattr(config, "workerinput"):  # a child of pytest-xdist
        return
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    lock = (DATA_DIR / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise pytest.UsageError(
            f"A demo or another test run uses {DATA_DIR}; give this run its own: DATA_DIR=… make test"
        ) from None
    config.stash[RUN_LOCK] = lock


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded PostgreSQL that the first test with a database has started."""
    if RUN_LOCK not in config.stash:
        return
    data_dir = embedded()
    if data_dir is not None:
        server.stop(data_dir)
    config.stash[RUN_LOCK].close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Put the copy where pytest-django will look for a database to reuse (``--reuse-db``)."""
    name = connection.settings_dict["TEST"]["NAME"]
    with django_db_blocker.unblock():
        with (DATA_DIR / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_template()
            copy_template(name)
        close_connections()  # the pool, too: else it keeps to the database it was opened for


def make_template() -> None:
    """Migrate a new database and name it the template; those of former migrations go. Once a fingerprint."""
    if TEMPLATE in databases():
        return
    settings = connection.settings_dict
    usual, settings["TEST"]["NAME"] = settings["TEST"]["NAME"], f"{TEMPLATE}_unfinished"
    if embedded() is not None:  # elsewhere they may be somebody else's
        for name in databases():
            run(f'DROP DATABASE "{name}" WITH (FORCE)')
    former = settings["NAME"]
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.creation.destroy_test_db(former, verbosity=0, keepdb=True)  # only forgets it
    settings["TEST"]["NAME"] = usual
    run(f'ALTER DATABASE "{made}" RENAME TO "{TEMPLATE}"')


def copy_template(name: str) -> None:
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')


def databases() -> list[str]:
    """The names of all that test runs have made on this server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_portal\\_%'")
        return [name for (name,) in cursor.fetchall()]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def embedded() -> Path | None:
    """The data folder of the portal's own PostgreSQL; None on a server that is there anyway."""
    return connection.settings_dict.get("EMBEDDED_DATA_DIR")
