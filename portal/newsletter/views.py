"""The newsletter for who reads it: asking for it, confirming, changing and leaving it, without an account."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from volunteers.errors import TransitionNotAllowed
from volunteers.guard.evenly import evenly
from volunteers.guard.forms import page
from volunteers.guard.limits import counts
from volunteers.guard.way_back import keeps_way_back
from volunteers.services import standing_orders
from volunteers.views import thanks
from volunteers.views.by_link import by_link, by_one_click
from volunteers.views.confirming import confirm_by_link
from volunteers.views.leaving import leave_by_link
from volunteers.views.outcomes import Link, Outcome

from . import links, services
from .forms import ChoiceForm, SubscribeForm, chosen_by
from .models import Subscription
from .showing import points_of
from .texts import TEXTS, VERSION


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(SubscribeForm.limit)
@evenly
def subscribe(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address gets the newsletter already or not; only the mail says it."""
    form = SubscribeForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.subscribe(answers=form.answers())
        return redirect("portal:newsletter_done")
    context = {"form": form, "agreed": TEXTS[VERSION]}
    return page(request, "portal/newsletter/subscribe.html", context)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        SubscribeForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, ich möchte den "
            "Newsletter“. Erst dann bekommen Sie ihn."
        ),
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=links.read_confirm_token,
        records=Subscription.objects.all(),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.page_path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: Subscription) -> HttpResponse:
    return Outcome(
        title=_("Newsletter bestätigen"),
        heading=_("Möchten Sie unseren Newsletter bekommen?"),
        text=str(TEXTS[found.text_version]),
        points=points_of(found),
        button=Link(_("Ja, ich möchte den Newsletter"), request.path),
        more=_("Haben Sie das nicht bestellt? Dann schließen Sie diese Seite."),
    ).page(request)


def _confirm(request: HttpRequest, found: Subscription) -> HttpResponse:
    standing_orders.confirm(order=found)
    return redirect(links.page_path(found))


def _expired(request: HttpRequest, found: Subscription | None) -> HttpResponse:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Der Link ist zu alt. Sie können den Newsletter gern noch einmal bestellen."),
        links=[_to_the_form()],
    ).page(request, status=410)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """What this mailbox gets, and the form that changes it."""
    found = _found(links.read_page_token(token))
    if found is None:
        return _not_there(request, status=410)
    if not found.is_running:
        return _not_running(request, found)
    data = request.POST if request.method == "POST" else None
    form = ChoiceForm(data, initial=chosen_by(found), present=found.language)
    if form.is_valid():
        services.change(subscription=found, answers=form.answers())
        return redirect(f"{links.page_path(found)}?gespeichert=1")
    context: dict[str, Any] = {
        "form": form,
        "address": found.masked,
        "leave_path": links.leave_path(found),
        "is_saved": "gespeichert" in request.GET,
    }
    status = 422 if form.errors else 200
    return render(request, "portal/newsletter/own.html", context, status=status)


@csrf_exempt  # the mail program's server posts without a cookie; the signed link is the proof
@by_one_click
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    return leave_by_link(
        request,
        links.read_leave_token(token),
        orders=Subscription.objects.all(),
        ask=_ask_to_leave,
        left=_not_running,
        gone=_not_there,
    )


def _ask_to_leave(request: HttpRequest, found: Subscription) -> HttpResponse:
    return Outcome(
        title=_("Newsletter abbestellen"),
        heading=_("Möchten Sie den Newsletter nicht mehr bekommen?"),
        text=_("Es geht um diese Adresse: %(address)s.") % {"address": found.masked},
        points=points_of(found),
        button=Link(_("Newsletter abbestellen"), request.path),
        aside=Link(_("Lieber andere Themen wählen"), links.page_path(found)),
    ).page(request)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The button „Doch wieder bekommen“; a GET leads to the page that has it."""
    found = _found(links.read_page_token(token))
    if found is None:
        return _not_there(request, status=410)
    if request.method == "POST":
        with suppress(TransitionNotAllowed):  # the page says what is missing
            services.resume(subscription=found)
    return redirect(links.page_path(found))


def _found(public_id: Any) -> Subscription | None:
    return Subscription.objects.filter(public_id=public_id).first()


def _to_the_form() -> Link:
    return Link(_("Newsletter bestellen"), reverse("portal:newsletter"))


def _home() -> Link:
    return Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)


def _not_there(request: HttpRequest, *, status: int) -> HttpResponse:
    return Outcome(
        title=_("Sie bekommen den Newsletter nicht"),
        text=_(
            "Zu diesem Link ist bei uns nichts mehr gespeichert. Wir schicken Ihnen keine Ausgaben."
        ),
        links=[_to_the_form(), _home()],
    ).page(request, status=status)


def _not_running(request: HttpRequest, found: Subscription) -> HttpResponse:
    """Left, not confirmed yet, or at an address that took no more mail: what to do now."""
    if found.is_unconfirmed:
        return Outcome(
            title=_("Noch nicht bestätigt"),
            text=_(
                "Sie bekommen den Newsletter noch nicht. Bitte öffnen Sie den Link in unserer Mail und "
                "bestätigen Sie dort. Ist keine Mail da, bestellen Sie ihn gern noch einmal."
            ),
            links=[_to_the_form(), _home()],
        ).page(request)
    again = Link(
        _("Doch wieder bekommen"),
        reverse("portal:newsletter_resume", args=[links.page_token(found)]),
    )
    if found.is_over:
        return Outcome(
            title=_("Newsletter abbestellt"),
            heading=_("Sie bekommen den Newsletter nicht mehr"),
            text=_("Wir haben ihn abbestellt für: %(address)s.") % {"address": found.masked},
            more=_("Alle anderen Mails zu dem, was Sie im Portal angefangen haben, kommen weiter."),
            button=again,
            links=[_home()],
        ).page(request)
    return Outcome(
        title=_("Unsere Mails kommen bei Ihnen nicht an"),
        text=_(
            "Ihr Mailserver hat mehrere Ausgaben abgelehnt. Deshalb schicken wir keine mehr an: %(address)s."
        )
        % {"address": found.masked},
        more=_("Geht Ihr Postfach wieder? Dann schicken wir den Newsletter gern weiter."),
        button=again,
        links=[_home()],
    ).page(request)
