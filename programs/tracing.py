"""One number for a request and all that comes of it: log lines, jobs and mails bear the same.

So „a mail did not come“ can be followed from the request to the delivery. The web server binds the number
of each request (``portal/operations/requests.py``), the worker that of each job (:func:`of_job`).
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procrastinate import App, JobContext

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}", re.ASCII)
ARGUMENT = "request_id"
"""The argument of a job that carries the number; no task sees it."""


@dataclass(slots=True)
class Trace:
    """What runs just now in this thread or task of the event loop."""

    number: str = ""
    route: str = ""
    """The pattern of the address, known once the request has been resolved; never the path itself."""
    job: int | None = None
    task: str = ""


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)
_NOTHING = Trace()


def current() -> Trace:
    """What runs just now. Outside of requests and jobs it has no number."""
    return _current.get() or _NOTHING


def begin(trace: Trace) -> Trace:
    """From now on ``trace`` runs here, until another one begins."""
    _current.set(trace)
    return trace


def note_route(route: str) -> None:
    """``route`` is the pattern of the address that is answered just now. Outside of requests nothing is noted."""
    if trace := _current.get():
        trace.route = route


def new_number() -> str:
    return secrets.token_hex(8)


def is_well_formed(number: str) -> bool:
    """Whether ``number`` can stand in a log and in a header: 8 to 64 letters, digits, „-“ and „_“."""
    return WELL_FORMED.fullmatch(number) is not None


def carried() -> dict[str, str]:
    """The argument that hands the number on to a job: ``**carried()`` among those of ``defer``."""
    number = current().number
    return {ARGUMENT: number} if number else {}


def headers() -> dict[str, str]:
    """The header that hands the number on to a mail."""
    number = current().number
    return {HEADER: number} if number else {}


def go_on(mail: bytes) -> None:
    """From now on the number in the headers of ``mail`` is the current one, if there is one."""
    head = mail.partition(b"\r\n\r\n")[0]
    found = re.search(rb"^%s: (\S+)\s*$" % HEADER.encode(), head, re.MULTILINE)
    number = found[1].decode("ascii", "replace") if found else ""
    if is_well_formed(number):
        now = current()
        begin(Trace(number, job=now.job, task=now.task))


async def of_job(
    call_next: Callable[[], Awaitable[Any]], context: "JobContext", worker: object
) -> Any:
    """Middleware of workers: a job goes on with the number that it carries, or begins one of its own.

    It stays bound after the job, for the line that says how the job has ended; the event loop gives
    each job a context of its own.
    """
    job = context.job
    number = str(job.task_kwargs.pop(ARGUMENT, ""))
    if not is_well_formed(number):
        number = f"job-{job.id:06}"
    begin(Trace(number, job=job.id, task=job.task_name))
    return await call_next()


def follow_jobs(app: "App") -> None:
    """Have all workers of ``app`` bind the number of their jobs (``PROCRASTINATE_ON_APP_READY``)."""
    app.worker_defaults["worker_middleware"] = [of_job]
