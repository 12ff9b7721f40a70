"""„Begleitung zu einem Termin“ for who asks: the form, confirming, and the page of the date."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import TransitionNotAllowed
from ..forms.dates import DateForm
from ..forms.messages import MessageForm
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..links import dates as links
from ..links import signing
from ..models import DateMessage, DateRequest
from ..notifications.dates import all_facts, first_name
from ..services import dates as services
from . import thanks
from .by_link import by_link, only_posts
from .confirming import confirm_by_link
from .conversation import Conversation
from .outcomes import Link, Outcome, other_ways_in
from .steps import Asking


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(DateForm.limit)
def ask(request: HttpRequest) -> HttpResponseBase:
    return AskingForDate(request).respond()


class AskingForDate(Asking):
    form_class = DateForm
    template = "volunteers/dates/ask.html"

    def store(self, form: DateForm) -> HttpResponse:
        form.keep()
        if form.is_from_a_person():
            services.submit_date(answers=form.answers())
        return redirect("volunteers:date_done")


@never_cache
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        DateForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, bitte "
            "suchen“. Dann fragen wir Engagierte."
        ),
        aside=Link(_("Noch einen Termin eintragen"), reverse("volunteers:date_ask")),
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=links.read_confirm_token,
        records=DateRequest.objects.select_related("district"),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: DateRequest) -> HttpResponse:
    context = {"facts": all_facts(found)}
    return render(request, "volunteers/dates/confirm.html", context)


def _confirm(request: HttpRequest, found: DateRequest) -> HttpResponse:
    try:
        services.confirm_date(date=found)
    except TransitionNotAllowed:
        found.refresh_from_db()
        if found.is_unconfirmed:
            return _expired(request, found)
    return redirect(links.path(found))


def _expired(request: HttpRequest, found: DateRequest | None) -> HttpResponse:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_(
            "Der Termin ist vorbei, oder der Link ist zu alt. Sie können gern noch einmal fragen."
        ),
        links=[Link(_("Noch einmal fragen"), reverse("volunteers:date_ask")), other_ways_in()],
    ).page(request, status=410)


def by_token(token: str) -> DateRequest:
    """The confirmed date of the link, or 404."""
    dates = DateRequest.objects.select_related("district", "companion")
    found = signing.find(dates, public_id=links.read_token(token))
    if found.is_unconfirmed:
        raise Http404
    return found


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def date(request: HttpRequest, token: str) -> HttpResponse:
    """Where the search stands, and who comes: the first name, and the number if it was allowed."""
    return date_page(request, token)


def date_page(request: HttpRequest, token: str, form: MessageForm | None = None) -> HttpResponse:
    """The page, also with a message that was refused (422)."""
    found = by_token(token)
    companion = found.companion
    name = first_name(companion.name) if companion else ""
    context = {
        "date": found,
        "token": token,
        "facts": all_facts(found),
        "first_name": name,
        "phone": companion.phone if companion and found.shares_phone else "",
        "talk": Conversation(found, DateMessage.Sender.ASKER, name, "date_message", form),
        "form": form,
    }
    return render(request, "volunteers/dates/date.html", context, status=422 if form else 200)


@by_link
@never_cache
@only_posts("date")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    with suppress(TransitionNotAllowed):  # over already: the page says so
        services.cancel_date(date=by_token(token))
    return redirect("volunteers:date", token)
