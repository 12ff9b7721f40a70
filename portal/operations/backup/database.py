"""Connections of backups: each a plain one of its own, without the time limits of other commands."""

import os
from typing import Any

import psycopg
from django.db import connection as portal_connection
from procrastinate.contrib.django.utils import connector_params
from psycopg import conninfo, sql

from .tables import Connection

PATIENT = "statement_timeout lock_timeout idle_in_transaction_session_timeout".split()
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
THINGS = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


def params(database: str = "") -> dict[str, Any]:
    """Arguments of ``psycopg.connect()`` for the portal's database, or for another one on its server."""
    mine = {
        key: value
        for key, value in connector_params().items()
        if key not in {"options", "prepare_threshold", "pool", "server_side_binding"}
        and value is not None
    }
    return mine | ({"dbname": database} if database else {})


def connect(database: str = "", **options: Any) -> Connection:
    opened: Connection = psycopg.connect(**params(database), **options)
    for name in PATIENT:
        opened.execute("SELECT set_config(%s, '0', false)", [name])
    if not opened.autocommit:
        opened.commit()
    return opened


def for_programs(database: str = "") -> tuple[str, dict[str, str]]:
    """What pg_dump and pg_restore need: ``--dbname`` and the environment. The password is only in the latter."""
    chosen = params(database)
    password = chosen.pop("password", "")
    chosen.pop("client_encoding", None)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return conninfo.make_conninfo("", **chosen), environment | (
        {"PGPASSWORD": str(password)} if password else {}
    )


def name() -> str:
    return str(portal_connection.settings_dict["NAME"])


def major(opened: Connection) -> int:
    """The major version of the server."""
    return opened.info.server_version // 10_000


def is_empty(opened: Connection) -> bool:
    """Whether there is nothing in the database but what extensions brought."""
    return bool(opened.execute(THINGS).fetchone() == (0,))


def others(opened: Connection) -> int:
    """How many other connections use this database."""
    (count,) = opened.execute(OTHERS).fetchone() or (0,)
    return int(count)


def empty(opened: Connection) -> None:
    """Throw away all that is in the database."""
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    for (schema,) in opened.execute(schemas).fetchall():
        opened.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    opened.execute("CREATE SCHEMA public")
