"""What a database holds: rows and checksum of each table, independent of the order of its rows."""

from typing import Any, NamedTuple

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

FIXED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "search_path": "public",
}
"""Settings on which the text of a row depends."""

TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
SUMS = """
    SELECT count(*), coalesce(sum(('x' || left(md5("the row"::text), 15))::bit(60)::bigint), 0)::text
    FROM {} AS "the row"
"""


class Content(NamedTuple):
    rows: int
    checksum: str
    """The sum of a hash of each row."""


def contents(connection: Connection) -> dict[str, Content]:
    """Rows and checksum of each table by its name, as the current transaction sees it."""
    for name, value in FIXED.items():
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])
    found = {}
    for schema, table in connection.execute(TABLES).fetchall():
        query = sql.SQL(SUMS).format(sql.Identifier(schema, table))
        rows, checksum = connection.execute(query).fetchone() or (0, "0")
        found[f"{schema}.{table}"] = Content(rows, checksum)
    return found


def differences(expected: dict[str, Content], found: dict[str, Content]) -> list[str]:
    """The names of the tables that are missing, too many, or of other content."""
    names = sorted(expected.keys() | found.keys())
    return [name for name in names if expected.get(name) != found.get(name)]
