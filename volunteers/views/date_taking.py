"""A date of the board: whoever can come lets the link be sent to their address."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..forms.my_data import LinkForm
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts
from ..models import DateRequest
from ..models.dates import DateStatus
from ..notifications.dates import facts
from ..services import date_offers as services
from . import thanks
from .outcomes import Link, Outcome


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts(LinkForm.limit)
@evenly
def take(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The response is the same whether the portal knows the address or not; only the mail says it."""
    confirmed = DateRequest.objects.select_related("district").exclude(
        status=DateStatus.UNCONFIRMED
    )
    date = get_object_or_404(confirmed, public_id=public_id)
    if date.status != DateStatus.OPEN or date.starts_at < timezone.now():
        return _over(request)
    form = LinkForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.send_link(date=date, email=form.cleaned_data["email"])
        return redirect("volunteers:date_link_sent")
    return page(request, "volunteers/dates/take.html", {"form": form, "facts": facts(date)})


def _over(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Wer kann einspringen?"),
        heading=_("Für diesen Termin wird niemand mehr gesucht"),
        text=_(
            "Es kommt schon jemand mit, oder der Termin ist vorbei. Danke, dass Sie helfen wollen!"
        ),
        links=[Link(_("Andere offene Termine"), reverse("portal:date_board"))],
    ).page(request, status=410)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return thanks.page(
        request,
        LinkForm.limit,
        text=_(
            "Sind Sie startbereit, steht in unserer E-Mail der Link, mit dem Sie zusagen. Sonst steht darin, "
            "was noch fehlt."
        ),
        period=_("Wer zuerst zusagt, kommt mit."),
        waits=False,
        aside=Link(_("Andere offene Termine"), reverse("portal:date_board")),
    )
