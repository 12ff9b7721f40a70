"""The 503 page for requests that fail because the database is busy, too slow, full or not reachable.

Every statement of a web process has a time limit (``settings.DATABASE_TIMEOUTS``), so that one slow
request does not block all others. A user whose request exceeds the limit gets this page.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import ConnectorException
from psycopg import errors

from programs.unsent import unsent

from .outage import OUTAGE


@dataclass(frozen=True)
class Sorry:
    """Why the request failed, and after how many ``seconds`` to try again."""

    heading: str | Promise
    text: str | Promise
    seconds: int


TOO_SLOW = Sorry(
    _("Das dauert zu lange"),
    _(
        "Diese Frage braucht mehr Zeit, als wir einer einzelnen geben können. Es ist nichts verloren. "
        "Bitte suchen Sie mit weniger Wörtern oder einem Filter mehr."
    ),
    seconds=5,
)
IN_USE = Sorry(
    _("Daran arbeitet gerade jemand anderes"),
    _(
        "Wir haben gewartet, aber es ist noch nicht frei. Es ist nichts geändert. Bitte versuchen Sie es "
        "gleich noch einmal."
    ),
    seconds=5,
)
GONE = Sorry(
    _("Das Portal ist gerade nicht erreichbar"),
    _(
        "Unsere Datenbank antwortet nicht. Wir wissen davon. Bitte versuchen Sie es in ein paar Minuten "
        "noch einmal."
    ),
    seconds=30,
)
FULL = Sorry(
    _("Das Portal ist gerade nicht erreichbar"),
    _(
        "Auf unserem Server ist kein Platz mehr frei. Wir wissen davon. Bitte versuchen Sie es in ein paar "
        "Minuten noch einmal."
    ),
    seconds=60,
)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What a full disk says to a process that writes a file, such as a large upload."""


def sorry_for(error: BaseException) -> Sorry | None:
    """The explanation for ``error``; None if the database is not the cause, but a bug in the portal."""
    cause = error.__cause__
    if isinstance(cause, errors.DiskFull) or getattr(error, "errno", None) in NO_ROOM:
        return FULL
    if isinstance(cause, errors.QueryCanceled):
        return TOO_SLOW
    if isinstance(cause, errors.LockNotAvailable | errors.DeadlockDetected):
        return IN_USE
    if isinstance(error, ConnectorException):  # the queue's name for any error of the database
        error = cause or error
    away = OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError
    return GONE if isinstance(error, away) else None


def answer(sorry: Sorry, request: HttpRequest | None = None) -> HttpResponse:
    """503 with ``Retry-After``, and with what was typed. Rendering the page needs no database."""
    kept = unsent(request) if request else None
    page = loader.render_to_string("503.html", {"sorry": sorry, "unsent": kept})
    headers = {"Retry-After": str(sorry.seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def note(error: BaseException) -> Sorry | None:
    """Like :func:`sorry_for`; an outage is remembered (``outage.py``)."""
    sorry = sorry_for(error)
    if sorry is GONE:
        OUTAGE.begins()
    return sorry


def answer_to(error: BaseException, request: HttpRequest) -> HttpResponse | None:
    """The page for ``error``, or None for a bug. An outage is remembered."""
    sorry = note(error)
    return answer(sorry, request) if sorry else None


class OverloadMiddleware:
    """Handles database errors in views. ``views/errors.py`` handles those outside of a view.

    While the database is known to be away, only views that cope with that are called.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} and OUTAGE.is_on():
            return answer(GONE, request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        copes = getattr(view, "copes_with_outages", False)
        return answer(GONE, request) if not copes and OUTAGE.is_on() else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(exception, request)
