"""The page behind a confirmation link."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from ..errors import TransitionNotAllowed
from ..links import signing
from ..models.confirmed import ConfirmedByLink

R = TypeVar("R", bound=ConfirmedByLink)


def confirm_by_link(
    request: HttpRequest,
    token: str,
    *,
    read: Callable[[str], uuid.UUID],
    records: QuerySet[R],
    ask: Callable[[HttpRequest, R], HttpResponse],
    confirm: Callable[[HttpRequest, R], HttpResponse],
    used: Callable[[HttpRequest], HttpResponse],
    expired: Callable[[HttpRequest], HttpResponse],
) -> HttpResponse:
    """A GET asks; only the POST confirms, so that link scanners in mail programs confirm nothing.

    ``used`` makes the response when it is confirmed already, ``expired`` when the link has expired or the
    record is deleted.
    """
    try:
        record = records.filter(public_id=read(token)).first()
    except signing.LinkExpired:
        record = None
    if record is None:
        return expired(request)
    if record.is_unconfirmed:
        answer = confirm if request.method == "POST" else ask
        with suppress(TransitionNotAllowed):  # confirmed in another window
            return answer(request, record)
    return used(request)
