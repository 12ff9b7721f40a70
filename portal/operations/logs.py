"""Log lines and tracebacks without content: no values of rows, no mail addresses, no links.

PostgreSQL quotes whole rows in its messages („DETAIL: Failing row contains (…)“), Django logs the
path of a request, which may be a secret link, and other errors quote what somebody typed. All logs
of web, workers and commands go through :class:`Formatter`, and what ends a process goes through
:func:`install`. What stays is enough to find the fault: types, frames, names of constraints and columns.
"""

import copy
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg
from django.db import Error as DjangoError

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
    """Formats every record of the portal (``settings.LOGGING`` and ``portal/gunicorn.py``)."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)  # other handlers of the process get the original
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(_argument(arg, record) for arg in record.args)
        record.msg, record.args = without_content(record.getMessage()), None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name in the standard library
        return traceback_of(ei[1]) if ei[1] is not None else ""


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
    else:
        sys.stderr.write(f"{traceback_of(error)}\n")
