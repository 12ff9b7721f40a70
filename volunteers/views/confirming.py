"""The page behind the link that confirms."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..errors import NotOpen, RegistrationClosed, TransitionNotAllowed
from ..links import signing
from ..models.confirmed import ConfirmedByLink
from .outcomes import Outcome

R = TypeVar("R", bound=ConfirmedByLink)


@dataclass(frozen=True, kw_only=True)
class Confirmation(Generic[R]):
    """What one kind has of its own: how a record is found, shown and confirmed, and what is said."""

    read: Callable[[str], uuid.UUID]
    records: QuerySet[R]
    template: str
    context: Callable[[R], dict[str, Any]]
    confirm: Callable[[R], object]
    path: Callable[[R], str]
    expired: Callable[[], Outcome]
    used: Callable[[], Outcome]
    is_open: Callable[[R], bool] = lambda _record: True
    closed: Callable[[R], Outcome] | None = None
    """What is said where there is nothing to confirm any more: the offer or the event is over."""


def confirm_by_link(request: HttpRequest, token: str, kind: Confirmation[R]) -> HttpResponse:
    """Opening the link asks; only the click confirms, so that mail scanners confirm nothing."""
    try:
        record = kind.records.filter(public_id=kind.read(token)).first()
    except signing.LinkExpired:
        record = None
    if record is None:
        return kind.expired().page(request, status=410)
    if not record.is_unconfirmed:
        return kind.used().page(request, status=410)
    if kind.closed and not kind.is_open(record):
        return kind.closed(record).page(request, status=410)
    if request.method != "POST":
        return render(request, kind.template, kind.context(record))
    return _confirmed(request, record, kind)


def _confirmed(request: HttpRequest, record: R, kind: Confirmation[R]) -> HttpResponse:
    """Somebody may have been faster: the person in another window, or the end of what they wanted."""
    try:
        kind.confirm(record)
    except TransitionNotAllowed:
        return kind.used().page(request, status=410)
    except (NotOpen, RegistrationClosed):
        assert kind.closed is not None  # noqa: S101 - only what can close raises these
        return kind.closed(record).page(request, status=410)
    return redirect(kind.path(record))
