"""Connections to PostgreSQL, from the environment: the portal's own, through PgBouncer, or a replica."""

from pathlib import Path
from typing import Any

from portal.environment import Environment

ENGINE = "django.db.backends.postgresql"
DATABASE_TIMEOUTS: dict[str, dict[str, int]] = {
    "web": {
        "statement_timeout": 10,
        "lock_timeout": 5,
        "idle_in_transaction_session_timeout": 30,
    },
    "command": {
        "statement_timeout": 0,
        "lock_timeout": 60,
        "idle_in_transaction_session_timeout": 600,
    },
}
"""Seconds after which PostgreSQL cancels a statement, a wait for a lock, or an idle transaction; 0: no limit.
The limits keep one slow request from blocking all others (``portal/operations/overload.py``)."""

WORK_MEM = "16MB"
"""Memory of one step of a statement. A search by two words puts a bit for each row that one of them may be in;
with PostgreSQL's 4 MB these become bits for whole pages, and all rows of those are read: at two million
applications forty times as many."""
RANDOM_PAGE_COST = "3"
"""What a page somewhere costs beside the next one. With PostgreSQL's 4, for disks that turn, the hours of a circle of
sixty are looked for among those of the whole city; with 2 and less, lists that are read in their order are sorted."""


def databases(env: Environment, data_dir: Path) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``.

    ``PORTAL_PROCESS`` is ``web`` for requests (``portal/wsgi.py``), else ``command``. Workers and commands have longer
    timeouts, and go past PgBouncer (``DATABASE_DIRECT_URL``): they listen for jobs, and settings that they
    make last longer than a transaction.
    """
    process = env.str("PORTAL_PROCESS", default="command")
    is_web = process == "web"
    pooled = env.bool("DATABASE_BEHIND_PGBOUNCER", default=False) and is_web
    direct = "" if is_web else env.str("DATABASE_DIRECT_URL", default="")
    found = {"default": _primary(env, direct or env.str("DATABASE_URL", default=""), data_dir)}
    if is_web and (replica := env.str("DATABASE_REPLICA_URL", default="")):
        found["replica"] = env.db_url_config(replica, engine=ENGINE)
    options = _options(process, env.int("DATABASE_POOL_SIZE", default=8), pooled=pooled)
    for one in found.values():
        one.setdefault("OPTIONS", {}).update(options)
        one["CONN_HEALTH_CHECKS"] = True  # a restart of PostgreSQL costs nobody a 503
        one["DISABLE_SERVER_SIDE_CURSORS"] = pooled
    return found


def _primary(env: Environment, url: str, data_dir: Path) -> dict[str, Any]:
    if url:
        named: dict[str, Any] = env.db_url_config(url, engine=ENGINE)
        return named
    # For demo and tests: this backend starts an embedded PostgreSQL before the first connection.
    own = data_dir / "postgresql"
    return {"ENGINE": "portal.postgresql", "NAME": "portal", "EMBEDDED_DATA_DIR": own}


def _options(process: str, pool_size: int, *, pooled: bool) -> dict[str, Any]:
    """What psycopg gets. ``pooled``: PgBouncer lends each transaction another connection."""
    options: dict[str, Any] = {
        "pool": {
            "min_size": 1,
            "max_size": pool_size,
            # Seconds to wait for a connection: a worker begins anew only when its jobs have given up.
            "timeout": 2 if process == "web" else 5,
            "reconnect_timeout": 1,  # the next request tries again, so an outage ends when it ends
        },
        "connect_timeout": 5,
    }
    if pooled:
        # PgBouncer refuses what follows; its own connect_query sets it (deploy/pgbouncer.ini).
        return options | {"prepare_threshold": None}
    limits = " ".join(f"-c {name}={n}s" for name, n in DATABASE_TIMEOUTS[process].items())
    planning = f"-c work_mem={WORK_MEM} -c random_page_cost={RANDOM_PAGE_COST}"
    return options | {"options": f"{planning} {limits}"}
