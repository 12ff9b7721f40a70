"""What pages with a form for a message have in common."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..errors import DomainError
from ..forms.messages import MessageForm
from ..guard.limits import TooManyTries, told_when, try_once


def write_from(
    request: HttpRequest,
    token: str,
    *,
    store: Callable[[str], object],
    page: Callable[[MessageForm], HttpResponse],
    back: str,
) -> HttpResponse:
    """Store the message and go to ``back``. If it is refused, ``page`` keeps what was typed.

    A GET goes to ``back``: it is a reload of the address after a refused message.
    """
    if request.method != "POST":
        return redirect(back)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            try_once(request, "message", token)
            store(form.cleaned_data["text"])
        except TooManyTries as refusal:
            form.add_error("text", str(refusal))
            return told_when(page(form), refusal)
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            return redirect(back)
    return page(form)
