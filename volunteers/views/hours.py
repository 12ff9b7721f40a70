"""Hours of one application, for the person with its status link."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import DomainError
from ..forms.hours import DiaryForm
from ..links.signing import path_of
from ..models import Application, HoursEntry
from ..models.thanks import hours_label
from ..reads.engaged import is_engaged
from ..services import hours as services
from .applications import by_status_token
from .by_link import Elsewhere, by_link, only_posts
from .outcomes import Link, Outcome

PAGE = "volunteers/hours/hours.html"


def _engaged(token: str) -> Application:
    """The application of the link; as long as it cannot have hours, its status page."""
    application = by_status_token(token)
    if not is_engaged(application):
        raise Elsewhere(path_of("status", token))
    return application


def _entry(token: str, pk: int) -> HoursEntry:
    """An entry of that application; its ``application`` is the object already loaded."""
    entry = _engaged(token).hours.filter(pk=pk).first()
    if entry is None:
        raise Elsewhere(path_of("hours", token))
    return entry


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, token: str) -> HttpResponse:
    """All entries by year, and the form for one more."""
    application = _engaged(token)
    form = DiaryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_meeting(application=application, work=form.work(), question=form.asked)
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("volunteers:hours", token)
    return _page(request, application, token, form)


def _page(
    request: HttpRequest, application: Application, token: str, form: DiaryForm
) -> HttpResponse:
    context = {
        "application": application,
        "token": token,
        "form": form,
        "years": by_year(application),
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


def by_year(application: Application) -> list[dict[str, Any]]:
    """Newest year first: its entries, their total and how much of it is confirmed."""
    years = []
    for year, group in groupby(application.hours.all(), key=lambda entry: entry.on.year):
        entries = list(group)
        confirmed = [entry.hours for entry in entries if entry.is_confirmed]
        total = sum((entry.hours for entry in entries), start=services.NOTHING)
        years.append(
            {
                "year": year,
                "entries": entries,
                "total": hours_label(total),
                "confirmed": hours_label(sum(confirmed, start=services.NOTHING)),
            }
        )
    return years


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_hours(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Correct one's own entry while it is not confirmed."""
    entry = _entry(token, pk)
    if entry.is_confirmed:
        return _confirmed(request, token)
    form = DiaryForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_hours(entry=entry, work=form.work())
        except services.HoursAreConfirmed:
            return _confirmed(request, token)
        except DomainError as error:
            form.refuse(error)
        except HoursEntry.DoesNotExist as error:
            raise Elsewhere(path_of("hours", token)) from error
        else:
            return redirect("volunteers:hours", token)
    context = {"form": form, "entry": entry, "token": token, "application": entry.application}
    template = "volunteers/hours/change.html"
    return render(request, template, context, status=422 if form.errors else 200)


@by_link
@never_cache
@only_posts("hours")
def delete_hours(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    entry = _entry(token, pk)
    try:
        services.delete_hours(entry=entry)
    except services.HoursAreConfirmed:
        return _confirmed(request, token)
    except HoursEntry.DoesNotExist as error:
        raise Elsewhere(path_of("hours", token)) from error
    return redirect("volunteers:hours", token)


def _confirmed(request: HttpRequest, token: str) -> HttpResponse:
    return Outcome(
        title=_("Diese Stunden sind schon bestätigt"),
        text=_(
            "Bestätigte Stunden ändert nur noch die Koordination. Stimmt etwas nicht, dann schreiben "
            "Sie ihr bitte."
        ),
        links=[Link(_("Zu Ihren Stunden"), path_of("hours", token))],
    ).page(request, status=410)
