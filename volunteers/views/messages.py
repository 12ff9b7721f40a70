"""Messages of the person, sent from the status page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import DomainError
from ..forms.messages import MessageForm
from ..guard.limits import TooManyTries, counts, told_when, try_once
from ..links import applications as application_links
from ..services.messages import write_message
from .applications import by_status_token, status_page
from .by_link import by_link


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts("message")
def write(request: HttpRequest, token: str) -> HttpResponse:
    """Store a message; if it is rejected, the form keeps what was typed."""
    application = by_status_token(token)
    if request.method != "POST":  # a reload of the address after a rejected message
        return redirect(f"{application_links.status_path(application)}#verlauf")
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            try_once(request, "message", token)
            write_message(application=application, text=form.cleaned_data["text"])
        except TooManyTries as refusal:
            form.add_error("text", str(refusal))
            return told_when(status_page(request, application, token, form), refusal)
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            return redirect(f"{application_links.status_path(application)}#verlauf")
    return status_page(request, application, token, form)
