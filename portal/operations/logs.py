"""Log lines and tracebacks without content: no values of rows, no mail addresses, no links.

PostgreSQL quotes whole rows in its messages („DETAIL: Failing row contains (…)“), Django logs the
path of a request, which may be a secret link, and other errors quote what somebody typed. All logs
of web, workers and commands go through :class:`Formatter`, and what ends a process goes through
:func:`install`. What stays is enough to find the fault: types, frames, names of constraints and columns.
With ``LOG_FORMAT=json`` each line is one object (:class:`JsonFormatter`).
"""

import copy
import datetime
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error as DjangoError

from programs import tracing

DATABASE_ERRORS = (psycopg.Error, DjangoError)
QUOTED_BY_POSTGRESQL = re.compile(
    r"\s*^(?:DETAIL|CONTEXT|HINT|QUERY|STATEMENT|PARAMETERS|LINE \d+):.*", re.DOTALL | re.MULTILINE
)
ADDRESS = re.compile(r"[^\s<>()\[\]{}:;,'\"]+@[^\s<>()\[\]{}:;,'\"]+")
TOKEN = re.compile(r"[^\s/'\"]*:[\w-]{27,}|(?<=/l/)[\w-]{22}")
"""A signed value of a link, whose signature has 43 letters, in older links 27; or a short link."""
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|«[^»]*»|„[^“]*“", re.DOTALL)
FIRST_QUOTE = re.compile(r"['\"«„]")
NAME = re.compile(r".[A-Za-z_][\w.-]{0,40}.", re.ASCII)
"""What may stay in quotes: a name of the code."""
NOTHING = "…"
PLAIN = "{asctime} {levelname} {name} {message}{trace}"


def without_content(text: str) -> str:
    """``text`` without what PostgreSQL adds to its first line, without mail addresses and signed links."""
    text = QUOTED_BY_POSTGRESQL.sub(f" {NOTHING}", text)
    return TOKEN.sub(NOTHING, ADDRESS.sub(NOTHING, text))


def described(error: BaseException) -> str:
    """The message of ``error`` without values."""
    if isinstance(error, DATABASE_ERRORS):
        return _of_database(error)
    return without_content(QUOTED.sub(_name_or_nothing, str(error)))


def _of_database(error: BaseException) -> str:
    """What PostgreSQL said in one line, for which column or constraint.

    Its messages about data (class 22), about syntax and those of functions (P0) quote values; those
    about constraints, names and locks do not.
    """
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if not isinstance(cause, psycopg.Error) or cause.sqlstate is None:
        return without_content(QUOTED.sub(NOTHING, str(error)))
    diagnosis = cause.diag
    said = diagnosis.message_primary or ""
    if cause.sqlstate.startswith(("22", "42601", "P0")):
        said = FIRST_QUOTE.split(said)[0] + NOTHING
    where = (diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
    names = ", ".join(name for name in where if name)
    return without_content(said) + (f" ({cause.sqlstate}: {names})" if names else "")


def _name_or_nothing(found: re.Match[str]) -> str:
    return found[0] if NAME.fullmatch(found[0]) else NOTHING


def traceback_of(error: BaseException) -> str:
    """Like Python's own traceback, with :func:`described` in place of each message."""
    return "\n".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, link = error.__cause__, "The above exception was the direct cause of this one:"
    if before is None and not error.__suppress_context__:
        before, link = (
            error.__context__,
            "During handling of the above exception, another occurred:",
        )
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield f"\n{link}\n"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}: {described(error)}"
    for one in getattr(error, "exceptions", ()):  # of an ExceptionGroup
        if isinstance(one, BaseException) and id(one) not in seen:
            yield from _lines(one, seen)


class Formatter(logging.Formatter):
    """Formats every record of the portal (``settings.LOGGING`` and ``portal/gunicorn.py``).

    ``{trace}`` is the number of the request or job in brackets, if there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)  # other handlers of the process get the original
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(_argument(arg, record) for arg in record.args)
        record.msg, record.args = without_content(record.getMessage()), None
        number = number_of(record)
        record.trace = f" [{number}]" if number else ""
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name in the standard library
        return traceback_of(ei[1]) if ei[1] is not None else ""


class JsonFormatter(Formatter):
    """One object a line: when, how grave, who says it, what, and of which request, job and route."""

    def __init__(self) -> None:
        super().__init__("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        without_error = copy.copy(record)
        without_error.exc_info = without_error.stack_info = None
        job = _job_of(record)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(without_error),
            "process": _process or os.environ.get("PORTAL_PROCESS", "command"),
            "pid": record.process,
            "request_id": number_of(record),
            "job": job.get("id"),
            "task": job.get("task_name"),
            "route": _route_of(record),
            **getattr(record, "answer", {}),
            "error": self.formatException(record.exc_info) if record.exc_info else "",
        }
        told = {key: value for key, value in line.items() if value not in (None, "")}
        return json.dumps(told, ensure_ascii=False, default=str)


def formatter(plain: str = PLAIN, *, style: str = "{", dates: str | None = None) -> Formatter:
    """What ``settings.LOG_FORMAT`` asks for; ``plain`` is the format of its lines if that is „plain“."""
    if settings.LOG_FORMAT == "json":
        return JsonFormatter()
    return Formatter(plain, dates, "%" if style == "%" else "{")


_process = ""


def this_process_is(kind: str) -> None:
    """What lines of this process call it: „web“, „worker“ or „command“."""
    global _process  # noqa: PLW0603 - a process is of one kind from its start to its end
    _process = kind


def number_of(record: logging.LogRecord) -> str:
    """The number of the request or job that a line is about."""
    carried = _job_of(record).get("task_kwargs", {}).get(tracing.ARGUMENT, "")
    return tracing.current().number or (carried if tracing.is_well_formed(str(carried)) else "")


def _job_of(record: logging.LogRecord) -> dict[str, Any]:
    """The job that a line is about: procrastinate says it, or it is the one that runs."""
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        return job
    now = tracing.current()
    return {"id": now.job, "task_name": now.task}


def _route_of(record: logging.LogRecord) -> str:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.route if match is not None else tracing.current().route


def _argument(value: object, record: logging.LogRecord) -> object:
    """Errors without values, and the route in place of the path of a request."""
    if isinstance(value, BaseException):
        return described(value)
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    if match is not None and value == getattr(request, "path", None):
        return f"/{match.route}"
    return value


def install() -> None:
    """Print what ends this process, or one of its threads, without content."""
    sys.excepthook = _print
    threading.excepthook = lambda died: _print(died.exc_type, died.exc_value, died.exc_traceback)


def _print(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        sys.__excepthook__(kind, error or kind(), trace)
    elif settings.configured and settings.LOG_FORMAT == "json":
        what = (kind, error, trace)
        record = logging.LogRecord("portal", logging.CRITICAL, "", 0, "Ended", None, what)
        sys.stderr.write(f"{JsonFormatter().format(record)}\n")
    else:
        sys.stderr.write(f"{traceback_of(error)}\n")
