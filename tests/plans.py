"""How PostgreSQL would find rows, whatever other tests have left in the tables.

Tables of tests hold a few rows, so nearly every way costs the same, and which one is chosen is chance. So the
ways that need no index are switched off, and all indexes but one are dropped for the moment: what is left tells
whether this one can answer the question.
"""

from typing import Any

from django.db import connection, models, transaction

WITHOUT_AN_INDEX = ("seqscan", "bitmapscan", "sort", "hashjoin", "hashagg")
OTHERS = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass) FROM pg_index
    WHERE indrelid = %s::regclass AND indexrelid <> ALL (%s::regclass[]) AND NOT indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


def plan_with(model: type[models.Model], index: str, sql: str, params: Any = None) -> str:
    """The plan of ``sql`` where ``model`` has no other index than ``index`` and those of its constraints."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for a check holds the table
        for way in WITHOUT_AN_INDEX:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(OTHERS, [model._meta.db_table, [index]])
        for (drop,) in cursor.fetchall():
            cursor.execute(drop)
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True)
    return plan
