"""Shortly before an event and at its entrance: „Bleibt es dabei?“ and „Ich bin da“."""

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Event

from ..errors import NotAtTheDoor
from ..forms.registrations import DoorForm
from ..links import registrations as event_links
from ..links import signing
from ..models.registrations import takes_arrivals
from ..services import arrivals
from .by_link import by_link, by_poster
from .outcomes import Outcome, about
from .registrations import by_token, other_events

PAGES = ["GET", "HEAD", "POST"]


@by_link
@never_cache
@require_http_methods(PAGES)
def reconfirm(request: HttpRequest, token: str) -> HttpResponse:
    """„Bleibt es dabei?“ The page of the registration says what holds, before and afterwards."""
    found = by_token(token)
    if request.method == "POST":
        arrivals.reconfirm(registration=found)
        return redirect("volunteers:registration", token)
    if not found.may_reconfirm:
        return redirect("volunteers:registration", token)
    context = {"registration": found, "event": found.event, "token": token}
    return render(request, "volunteers/registrations/reconfirm.html", context)


@by_link
@never_cache
@require_http_methods(PAGES)
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """„Ich bin da“ by the personal link, on any phone. When it is not the time, the page of the registration."""
    found = by_token(token)
    if not found.may_check_in:
        return redirect("volunteers:registration", token)
    if request.method == "POST":
        arrivals.check_in(registration=found)
        return redirect("volunteers:registration", token)
    context = {"registration": found, "event": found.event, "token": token}
    return render(request, "volunteers/registrations/check_in.html", context)


@by_poster
@never_cache
@require_http_methods(PAGES)
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the QR code at the entrance. It says no more than a list on a table would."""
    uid = event_links.read_door_token(token)
    event = signing.find(Event.objects.select_related("organisation", "district"), uid=uid)
    if not takes_arrivals(event):
        return _closed(request, event)
    form = DoorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = arrivals.check_in_by_name(event=event, guest=form.guest())
        except NotAtTheDoor:
            form.add_error(None, DoorForm.UNKNOWN)
        else:
            return _welcome(request, event, found.name)
    context = {"form": form, "event": event}
    status = 422 if form.errors else 200
    return render(request, "volunteers/registrations/door.html", context, status=status)


def _welcome(request: HttpRequest, event: Event, name: str) -> HttpResponse:
    return Outcome(
        title=_("Willkommen!"),
        about=about(event),
        text=_("Sie sind eingetragen: %(name)s. Schön, dass Sie da sind.") % {"name": name},
        links=[other_events()],
    ).page(request)


def _closed(request: HttpRequest, event: Event) -> HttpResponse:
    opens = event.starts_at - datetime.timedelta(minutes=settings.ARRIVAL_MINUTES)
    text = _("Dieser Termin ist vorbei oder abgesagt.")
    if event.is_ahead:
        day = date_format(timezone.localtime(opens), _("l, j. F, H:i"))
        text = _("Eintragen können Sie sich ab %(day)s Uhr.") % {"day": day}
    return Outcome(
        title=_("Zurzeit kann sich hier niemand eintragen"),
        about=about(event),
        text=text,
        links=[other_events()],
    ).page(request, status=410)
