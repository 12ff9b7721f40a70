"""Mails that wait for a mail server which takes none at all just now.

Their jobs have a priority of their own. Every few seconds one of them knocks; as soon as any mail is
taken the others follow, each drawing the next ones. So an outage of the server ends for the mails
when it ends for the server, and a server that is back, but weak, is not run over. What is tried
early for that does not count as one of the tries after which a mail is given up.
"""

from django.db import connection
from procrastinate.connector import BaseConnector

DELIVER_TASK = "deliver_mail"
WAITS_FOR_SERVER = 1
"""Priority of these jobs: a mail that has waited goes before a new one."""
FOLLOW = 10
"""Mails that one taken mail draws behind it."""

BRING_FORWARD = f"""
    UPDATE procrastinate_jobs SET scheduled_at = now(), attempts = greatest(attempts - 1, 0)
    WHERE id IN (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND priority = {WAITS_FOR_SERVER} AND task_name = '{DELIVER_TASK}'
            AND scheduled_at > now()
        ORDER BY attempts, id LIMIT %(count)s FOR UPDATE SKIP LOCKED
    )
"""  # noqa: S608 - two constants


async def knock(connector: BaseConnector) -> None:
    """Let the mail that was tried least often try once more."""
    await connector.execute_query_async(BRING_FORWARD, count=1)


def follow() -> None:
    """The server has taken a mail: those that wait for it are due, a few at a time."""
    with connection.cursor() as cursor:
        cursor.execute(BRING_FORWARD, {"count": FOLLOW})
