"""What a worker sees to beside its jobs, every second: jobs of workers that died, mails that wait for a mail server.

Without it a mail would wait for minutes, or for an hour, after what held it up is over.
"""

import asyncio
import itertools
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from volunteers.notifications import waiting
from volunteers.tasks import take_up_abandoned

LOST = (ConnectorException, psycopg.OperationalError)
"""What says that the database is gone."""
HEARTBEAT = 2.0
"""Seconds between two signs of life of a worker."""
DEAD_AFTER = 7.0
"""Seconds without one after which others take up its jobs. Each job may be taken up while it still runs."""
LOOK_EVERY = 1.0
KNOCK_EVERY = 3
"""Looks after which one of the waiting mails tries whether the mail server is back."""
UNKNOWN_AGAIN = 20
"""Seconds after which a job that this release does not know is offered to all workers again."""


async def tend(app: App) -> None:
    """Runs beside the worker until it is cancelled; while the database is away it goes on looking."""
    for look in itertools.count(1):
        await asyncio.sleep(LOOK_EVERY)
        with suppress(*LOST):
            await take_up_abandoned(app.job_manager, silent_for=DEAD_AFTER)
            if look % KNOCK_EVERY == 0:
                await waiting.knock(app.connector)


class KnownTasks(dict[str, Task[Any, Any, Any]]):
    """The tasks of this release; any other name is one of a newer release, which runs beside it for a while.

    procrastinate would count such a job as failed for good. Here it goes back into its queue, until
    a worker takes it that knows it.
    """

    def get(self, name: str, default: Any = None) -> Any:
        """The worker asks by this name for the task of a job."""
        if name in self:
            return self[name]
        some = next(iter(self.values()))
        return Task(_unknown, blueprint=some.blueprint, queue="", name=name, retry=BackToTheQueue())


class BackToTheQueue(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        return RetryDecision(retry_in={"seconds": UNKNOWN_AGAIN})


class NotOfThisRelease(Exception):
    """The job waits for a worker of the release that knows it."""


def _unknown(**arguments: Any) -> None:
    raise NotOfThisRelease
