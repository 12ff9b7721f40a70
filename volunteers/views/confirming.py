"""The page behind a confirmation link."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..errors import TransitionNotAllowed
from ..links.signing import Confirmation
from ..models.confirmed import ConfirmedByLink

R = TypeVar("R", bound=ConfirmedByLink)


def confirm_by_link(
    request: HttpRequest,
    token: str,
    *,
    read: Callable[[str], Confirmation],
    records: QuerySet[R],
    ask: Callable[[HttpRequest, R], HttpResponse],
    confirm: Callable[[HttpRequest, R], HttpResponse],
    path: Callable[[R], str],
    expired: Callable[[HttpRequest, R | None], HttpResponse],
) -> HttpResponse:
    """A GET asks; only the POST confirms, so that link scanners in mail programs confirm nothing.

    Once the record is confirmed, the link leads to its status page (``path``), however old it is:
    both were mailed to the same address. ``expired`` makes the response when it is too late to
    confirm; its record is None if it has been deleted.
    """
    link = read(token)
    record = records.filter(public_id=link.public_id).first()
    if record is None or (record.is_unconfirmed and link.is_over):
        return expired(request, record)
    if record.is_unconfirmed:
        answer = confirm if request.method == "POST" else ask
        with suppress(TransitionNotAllowed):  # confirmed in another window
            return answer(request, record)
    return redirect(path(record))
