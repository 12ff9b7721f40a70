"""The ``DatabaseWrapper`` that Django loads as the backend."""

from collections.abc import Container
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base as postgresql
from psycopg import sql

from portal.postgresql import server

MAINTENANCE_DATABASE = "postgres"


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """PostgreSQL in ``EMBEDDED_DATA_DIR``, started before the first connection.

    Plain connections, psycopg's pool, ``manage.py dbshell`` and procrastinate's worker all get their parameters
    from here, so each of them can start the server.
    """

    _connection_pools: Container[str]  # Django's own, unknown to the stubs

    def get_connection_params(self) -> dict[str, Any]:
        """Parameters for ``psycopg.connect()``. Starts the server and creates the database if necessary.

        Raises ``ServerError`` (an ``ImproperlyConfigured``) when the data folder cannot be used.
        """
        if self.alias not in self._connection_pools:  # an open pool has already started the server
            self._start_server()
        params: dict[str, Any] = super().get_connection_params()
        return params

    def _start_server(self) -> None:
        data_dir = Path(self.settings_dict["EMBEDDED_DATA_DIR"])
        socket_dir = server.start(data_dir, self.settings_dict.get("EMBEDDED_SETTINGS"))
        self.settings_dict.update(HOST=str(socket_dir), PORT=server.PORT, USER=server.SUPERUSER)
        _create_missing_database(self.settings_dict["NAME"] or MAINTENANCE_DATABASE, socket_dir)


_seen_databases: set[tuple[Path, str]] = set()
"""Databases that this process has found or created, so that it checks only once."""


def _create_missing_database(name: str, socket_dir: Path) -> None:
    """Create the database ``name`` unless it exists. Another process may create it at the same moment."""
    if (socket_dir, name) in _seen_databases:
        return
    with psycopg.connect(
        host=str(socket_dir),
        port=server.PORT,
        user=server.SUPERUSER,
        dbname=MAINTENANCE_DATABASE,
        autocommit=True,
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _seen_databases.add((socket_dir, name))
