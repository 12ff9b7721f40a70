"""Jobs of the worker. Tasks take ids; a periodic one runs once, however many workers there are."""

from django.conf import settings
from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from . import chores
from .notifications import outbox, waiting
from .notifications.delivery import NotDelivered
from .privacy import retention
from .services import group_messages

SIGN_OF_LIFE = "sign_of_life"
"""Name of the job that is put into every queue every minute, to be taken before all others."""
KEEP_JOBS_HOURS = 7 * 24
"""Finished jobs are kept this long, to see what the worker did; there is at least one every minute."""


MAIL_TRIES = 54
"""After about 48 hours without success a mail is given up."""


class BackOff(BaseRetryStrategy):
    """Tried again after 30 s, 1, 2, 4 … minutes, from the eighth time on every hour.

    What lost the database begins after 2 s: when this is asked, it has been reached again.
    What waits for the mail server itself goes as soon as that takes mails again (``waiting.py``).
    """

    first, first_without_database, longest = 30, 2, 3600  # seconds

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        lost_database = isinstance(exception, (OperationalError, InterfaceError))
        first = self.first_without_database if lost_database else self.first
        doublings = min(job.attempts, 10)
        of_server = isinstance(exception, NotDelivered) and exception.is_of_server
        return RetryDecision(
            retry_in={"seconds": min(first * 2**doublings, self.longest)},
            priority=waiting.WAITS_FOR_SERVER if of_server else 0,
        )


@app.task(name=waiting.DELIVER_TASK, queue="mail", retry=BackOff(), pass_context=True)
def deliver_mail(context: JobContext, mail_id: int) -> None:
    """Ends well when the mail is delivered and when it is given up; the last try always ends it."""
    if outbox.deliver(mail_id, last_try=context.job.attempts + 1 >= MAIL_TRIES):
        waiting.follow()


@app.task(name=group_messages.SEND_TASK, queue="mail", retry=BackOff(), pass_context=False)
def send_group_message(group_id: int) -> None:
    """Writes the mails of one message to many; what was written before it was killed stays written."""
    group_messages.deliver(group_id)


@app.periodic(cron="* * * * *")
@app.task(name="chores", queue="chores", lock="chores", queueing_lock="chores", pass_context=False)
def run_chores(timestamp: int) -> None:
    """Every minute: reminders and the other chores; never two at once."""
    chores.run_all()


@app.periodic(cron="17 3 * * *")
@app.task(
    name="retention",
    queue="retention",
    lock="retention",
    queueing_lock="retention",
    pass_context=False,
)
def run_retention(timestamp: int) -> None:
    """Every night: delete what may not be kept any longer (``volunteers/privacy/retention.py``)."""
    retention.run()


@app.periodic(cron="* * * * *")
@app.task(name="free_abandoned", queue="jobs", queueing_lock="free_abandoned", pass_context=True)
async def free_abandoned(context: JobContext, timestamp: int) -> None:
    """Every minute, for workers of a release that does not look itself (``portal/operations/tending.py``)."""
    await take_up_abandoned(context.app.job_manager, silent_for=30)


async def take_up_abandoned(jobs: JobManager, *, silent_for: float) -> None:
    """Handle jobs of killed workers, which otherwise would hold their lock for ever.

    A worker counts as killed after ``silent_for`` seconds without a sign of life. A mail is tried
    again. Jobs that run every minute are closed: the next one is queued already, and finds its
    records by their present state.
    """
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=silent_for):
        if job.queueing_lock:
            await jobs.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await jobs.retry_job(job)


@app.task(name=SIGN_OF_LIFE, queue="jobs", pass_context=False)
def sign_of_life(timestamp: int) -> None:
    """Does nothing. As long as it runs in a queue, somebody works there (``/healthz``)."""


for queue in settings.QUEUES:
    app.periodic(
        cron="* * * * *",
        periodic_id=queue,
        queue=queue,
        queueing_lock=f"{SIGN_OF_LIFE}:{queue}",
        priority=100,
    )(sign_of_life)


@app.periodic(cron="27 3 * * *")
@app.task(name="delete_old_jobs", queue="jobs", pass_context=True)
async def delete_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: delete finished jobs; the job of an undelivered mail stays as long as the mail's row."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(nb_hours=KEEP_JOBS_HOURS)
    for queue in ("chores", "jobs", "retention"):
        await jobs.delete_old_jobs(nb_hours=KEEP_JOBS_HOURS, queue=queue, include_failed=True)
    days = settings.SECURITY_LOG_DAYS
    await jobs.delete_old_jobs(nb_hours=24 * days, queue="mail", include_failed=True)
