"""The database server of a test run, and a fresh database for each process of the run.

Migrations run once. The result is kept as a template database; its name is a fingerprint of
everything that it is made from (``tests/settings.py``). Every process of every run starts with a
new copy of it, so no test sees data of an earlier run, however that run ended.
"""

import fcntl
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import django
import psycopg
import pytest
from django.core.management.color import Style
from django.db import connection
from pytest_django import DjangoDbBlocker

from portal import settings as settings_in_use
from portal.languages.compiling import compile_catalogues
from portal.postgresql import server
from portal.postgresql.programs import programs
from tests.settings import TEST_DATABASE

DATA_DIR: Path = settings_in_use.DATA_DIR
TEMPLATE = f"{TEST_DATABASE}_template"
NOT_AS_TEXT: dict[str, Any] = {} if django.VERSION >= (6, 1) else {"serialize": False}
"""Nothing restores the content of a test database, so it is not read. From Django 6.1 on it is not read anyway."""
RUN_LOCK = pytest.StashKey[TextIO]()


def pytest_configure(config: pytest.Config) -> None:
    """Lock this run's data folder for other test runs and demos, which would use the same database server."""
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist
        return
    compile_catalogues()
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
    """Stop the embedded PostgreSQL, which the first test with a database has started."""
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
    """Put the copy where pytest-django looks for a database to reuse (``--reuse-db``)."""
    with (DATA_DIR / "template.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_template()
        copy_template(connection.settings_dict["TEST"]["NAME"])
    if embedded() is not None:
        connection.ops.sql_flush = deletes


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Path:
    """A dump of the template, for installations with a PostgreSQL of their own; kept as long as the template."""
    dump = DATA_DIR / f"{TEMPLATE}.dump"
    with (DATA_DIR / "template.lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not dump.exists():
            given = connection.get_connection_params()
            names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
            there = {names[key]: str(given[key]) for key in names if given.get(key)}
            begun = dump.with_suffix(".begun")
            command = [
                programs() / "pg_dump",
                "--format=custom",
                "--no-owner",
                f"--file={begun}",
                TEMPLATE,
            ]
            subprocess.run(command, env=os.environ | there, check=True)
            begun.rename(dump)
    return dump


def deletes(style: Style, tables: Sequence[str], **options: bool) -> list[str]:
    """Empties tables with few rows several times as fast as TRUNCATE.

    Triggers and foreign keys rest meanwhile. Only a superuser may order that; elsewhere Django truncates.
    """
    names = map(connection.ops.quote_name, tables)
    emptied = (f"DELETE FROM {name}" for name in names)  # noqa: S608  names of our own tables
    return ["; ".join(["SET LOCAL session_replication_role = replica", *emptied])]


def make_template() -> None:
    """Once for each fingerprint: migrate a new database and make it the template; drops former templates."""
    there = [name for (name,) in run("SELECT datname FROM pg_database")]
    if TEMPLATE in there:
        return
    if embedded() is not None:  # on another server they may belong to somebody else
        for name in there:
            if name.startswith("test_portal_"):
                run(f'DROP DATABASE "{name}" WITH (FORCE)')
    for dump in DATA_DIR.glob("*.dump"):
        dump.unlink()
    settings = connection.settings_dict
    usual, former = settings["TEST"]["NAME"], settings["NAME"]
    settings["TEST"]["NAME"] = f"{TEMPLATE}_unfinished"
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, **NOT_AS_TEXT)
    connection.creation.destroy_test_db(former, verbosity=0, keepdb=True)  # drops nothing
    connection.close_pool()
    settings["TEST"]["NAME"] = usual
    run(f'ALTER DATABASE "{made}" RENAME TO "{TEMPLATE}"')


def copy_template(name: str) -> None:
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    run(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')


def run(statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    """Outside of the pool, which keeps to one database."""
    params = {**connection.get_connection_params(), "dbname": database}
    with psycopg.connect(**params, autocommit=True) as opened:
        cursor = opened.execute(statement)
        return cursor.fetchall() if cursor.description else []


def embedded() -> Path | None:
    """The data folder of the portal's own PostgreSQL; None when another server is used."""
    return connection.settings_dict.get("EMBEDDED_DATA_DIR")
