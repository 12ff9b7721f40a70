"""Registering for an event, confirming it, and the page of one registration. No account needed."""

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.calendar import Method
from programs.models import Event

from .. import periods
from ..errors import DomainError, RegistrationClosed
from ..forms.registrations import NoteForm, RegistrationForm
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..links import people as person_links
from ..links import registrations as event_links
from ..links import signing
from ..models import Qualification, Registration
from ..models.registrations import RegistrationStatus
from ..notifications.registrations import calendar_file
from ..reads.registering import registering, why_closed
from ..services import registrations as services
from . import thanks
from .by_link import Elsewhere, by_link
from .confirming import confirm_by_link
from .outcomes import Link, Outcome, about, other_ways_in


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(RegistrationForm.limit)
@evenly
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for one event. Somebody who is logged in with the same address needs no confirmation mail."""
    events = Event.objects.published().select_related("organisation", "district")
    event = get_object_or_404(events, slug=slug)
    if not event.is_open:
        return _closed(request, event)
    data = request.POST if request.method == "POST" else None
    form = RegistrationForm(data, initial=_own(request), request=request)
    if request.method == "POST" and form.is_valid():
        form.keep(about=event)
        if not form.is_from_a_person():
            return redirect("volunteers:register_done")
        try:
            return _take(request, event, form.guest())
        except RegistrationClosed:
            return _closed(request, event)
    context = {"form": form, "event": event, "registering": registering(event)}
    return page(request, "volunteers/registrations/register.html", context)


def _own(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def _take(request: HttpRequest, event: Event, guest: services.Guest) -> HttpResponse:
    user = request.user
    if user.is_authenticated:
        proven = EmailAddress.objects.filter(user=user, email=guest.email, verified=True)
        if proven.exists():
            registration = services.register_confirmed(event=event, guest=guest)
            return redirect(event_links.path(registration))
    services.submit_registration(event=event, guest=guest)
    return redirect("volunteers:register_done")


def _closed(request: HttpRequest, event: Event) -> HttpResponse:
    event.refresh_from_db()
    return Outcome(
        title=_("Hier ist keine Anmeldung möglich"),
        about=about(event),
        text=why_closed(event),
        links=[other_events()],
    ).page(request, status=410)


def other_events() -> Link:
    return Link(_("Andere Termine ansehen"), reverse("programs:event_list"))


@never_cache
@require_http_methods(["GET", "HEAD"])
def register_done(request: HttpRequest) -> HttpResponse:
    period = periods.days(settings.SIGN_UP_CONFIRMATION_DAYS)
    return thanks.page(
        request,
        RegistrationForm.limit,
        heading=_("Fast geschafft: Bitte schauen Sie in Ihr Postfach"),
        text=_(
            "In unserer Mail steht ein Link. Erst wenn Sie ihn öffnen und die Anmeldung bestätigen, "
            "gilt sie."
        ),
        period=_("Der Link gilt %(period)s, aber nur bis zum Beginn.") % {"period": period},
        aside=Link(_("Alle Termine"), reverse("programs:event_list")),
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=event_links.read_confirm_token,
        records=_registrations(),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=event_links.path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: Registration) -> HttpResponse:
    if not found.event.is_ahead:
        return _closed(request, found.event)
    context = {"registration": found, "registering": registering(found.event)}
    return render(request, "volunteers/registrations/confirm.html", context)


def _confirm(request: HttpRequest, found: Registration) -> HttpResponse:
    try:
        services.confirm_registration(registration=found)
    except RegistrationClosed:
        return _closed(request, found.event)
    return redirect(event_links.path(found))


def _expired(request: HttpRequest, found: Registration | None) -> HttpResponse:
    text = _(
        "Links zum Bestätigen gelten %(period)s und höchstens bis zum Beginn. Danach löschen wir die "
        "Angaben. Melden Sie sich gern noch einmal an."
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=text % {"period": periods.days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS)},
        links=[_register_again(found), other_ways_in()],
    ).page(request, status=410)


def _register_again(found: Registration | None) -> Link:
    """To the form for the same event, while it takes registrations."""
    if found is not None and found.event.is_open:
        path = reverse("volunteers:register", args=[found.event.slug])
        return Link(_("Noch einmal anmelden"), path)
    return Link(_("Termine ansehen"), reverse("programs:event_list"))


def _registrations() -> "QuerySet[Registration]":
    related = ("event__organisation", "event__district", "organisation", "volunteer")
    return Registration.objects.select_related(*related)


def by_token(token: str) -> Registration:
    """The confirmed registration of the link, or 404."""
    public_id = event_links.read_token(token)
    found = signing.find(_registrations(), public_id=public_id)
    if found.is_unconfirmed:
        raise Http404
    return found


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """The status of the registration and the facts of the event; the link is the only authentication."""
    found = by_token(token)
    qualifications = Qualification.objects.filter(event=found.event, volunteer=found.volunteer_id)
    context = {
        "registration": found,
        "event": found.event,
        "token": token,
        "qualification": qualifications.first(),
        "offer_holds": services.offer_holds(found),
        "my_page_url": person_links.person_path(found),
    }
    return render(request, "volunteers/registrations/registration.html", context)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file, for people with a seat; for others the page that says where they stand."""
    found = by_token(token)
    if found.status != RegistrationStatus.REGISTERED or found.event.is_cancelled:
        raise Elsewhere(event_links.path(found))
    response = HttpResponse(
        calendar_file(found, Method.PUBLISH), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.event.slug}.ics"'
    return response


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the place back; no reason is asked."""
    found = by_token(token)
    if not found.may_be_cancelled:
        return redirect("volunteers:registration", token)
    if request.method == "POST":
        # It may be over since a moment ago; the page then shows this.
        with suppress(DomainError):
            services.cancel_registration(registration=found)
        return redirect("volunteers:registration", token)
    context = {"registration": found, "event": found.event, "token": token}
    return render(request, "volunteers/registrations/cancel.html", context)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rejoin(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes to an invitation, or join again after cancelling or after an offer has lapsed."""
    found = by_token(token)
    if found.is_on:
        return redirect("volunteers:registration", token)
    if not found.may_join:
        return _closed(request, found.event)
    data = request.POST if request.method == "POST" else None
    form = NoteForm(data, initial={"note": found.note})
    if request.method == "POST" and form.is_valid():
        try:
            services.rejoin(registration=found, note=form.cleaned_data["note"])
        except RegistrationClosed:
            return _closed(request, found.event)
        return redirect("volunteers:registration", token)
    context = {"form": form, "registration": found, "event": found.event}
    context["registering"] = registering(found.event)
    status = 422 if form.errors else 200
    return render(
        request, "volunteers/registrations/rejoin.html", context | {"token": token}, status=status
    )
