"""„Pause machen“, on a page behind the link of the application."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..forms.breaks import BreakForm
from ..services import breaks
from .applications import by_status_token
from .by_link import by_link


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_break(request: HttpRequest, token: str) -> HttpResponse:
    """It holds for the person, in all organisations."""
    application = by_status_token(token)
    volunteer = application.volunteer
    if volunteer is None or application.is_closed:
        return redirect("volunteers:status", token)
    more = "" if volunteer.more_tandems is None else str(volunteer.more_tandems)
    form = BreakForm(
        request.POST if request.method == "POST" else None,
        initial={"until": volunteer.rests_until, "more": more},
    )
    if request.method == "POST" and form.is_valid():
        breaks.set_break(volunteer=volunteer.pk, **form.said())
        return redirect("volunteers:status", token)
    context = {"application": application, "token": token, "form": form}
    status = 422 if form.errors else 200
    return render(request, "volunteers/applications/break.html", context, status=status)
