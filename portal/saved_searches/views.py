"""Saved searches for those who keep them: asking, confirming, seeing all of one's own, leaving, without an account."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from programs import versions
from volunteers.errors import TransitionNotAllowed
from volunteers.guard.evenly import evenly
from volunteers.guard.forms import page
from volunteers.guard.limits import counts
from volunteers.guard.way_back import keeps_way_back
from volunteers.links.signing import find
from volunteers.services import standing_orders
from volunteers.views import thanks
from volunteers.views.by_link import by_link, by_one_click
from volunteers.views.confirming import confirm_by_link
from volunteers.views.leaving import leave_by_link
from volunteers.views.outcomes import Link, Outcome

from . import links, services
from .forms import AskForm, LanguageForm
from .models import SavedSearch
from .texts import TEXTS, VERSION


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(AskForm.limit)
@evenly
@versions.one_version()
def ask(request: HttpRequest) -> HttpResponse:
    """The query string is that of the catalogue. The answer is the same whether the address is known or not."""
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, request=request, initial={"query": request.GET.urlencode()})
    if form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.ask(**form.answers())
        return redirect("portal:saved_search_done")
    context = {"form": form, "wanted": form.wanted, "agreed": TEXTS[VERSION]}
    return page(request, "portal/saved_searches/ask.html", context)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        AskForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, schreiben Sie mir“. "
            "Erst dann schicken wir Ihnen neue Angebote."
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
        records=SavedSearch.objects.all(),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.page_path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: SavedSearch) -> HttpResponse:
    return Outcome(
        title=_("Neue Angebote per Mail"),
        heading=_("Sollen wir Ihnen schreiben, wenn es Neues gibt?"),
        text=_("Ihre Suche: %(search)s") % {"search": found.wanted.title},
        more=str(TEXTS[found.text_version]),
        button=Link(_("Ja, schreiben Sie mir"), request.path),
        points=[_("Haben Sie das nicht bestellt? Dann schließen Sie diese Seite.")],
    ).page(request)


def _confirm(request: HttpRequest, found: SavedSearch) -> HttpResponse:
    standing_orders.confirm(order=found)
    return redirect(links.page_path(found))


def _expired(request: HttpRequest, found: SavedSearch | None) -> HttpResponse:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Der Link ist zu alt. Sie können die Suche gern noch einmal bestellen."),
        links=[_to_the_catalogue()],
    ).page(request, status=410)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@versions.one_version()
def own(request: HttpRequest, token: str) -> HttpResponse:
    """All searches of the address, and the language of the mails about them."""
    found = find(SavedSearch.objects.all(), public_id=links.read_page_token(token))
    if found.is_unconfirmed:
        return _not_confirmed(request)
    data = request.POST if request.method == "POST" else None
    form = LanguageForm(data, initial={"preferred_language": found.preferred_language})
    if form.is_valid():
        services.write_in(search=found, language=form.cleaned_data["preferred_language"])
        return redirect(f"{links.page_path(found)}?gespeichert=1")
    context: dict[str, Any] = {
        "form": form,
        "address": found.masked,
        "searches": [
            {
                "search": one,
                "wanted": one.wanted,
                "leave_path": links.leave_path(one),
                "resume_path": links.resume_path(one),
            }
            for one in services.shown_with(found)
        ],
        "is_saved": "gespeichert" in request.GET,
    }
    status = 422 if form.errors else 200
    return render(request, "portal/saved_searches/own.html", context, status=status)


@csrf_exempt  # the mail program's server posts without a cookie; the signed link is the proof
@by_one_click
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    return leave_by_link(
        request,
        links.read_leave_token(token),
        orders=SavedSearch.objects.all(),
        ask=_ask_to_leave,
        left=_left,
        gone=_gone,
    )


def _ask_to_leave(request: HttpRequest, found: SavedSearch) -> HttpResponse:
    return Outcome(
        title=_("Suche abbestellen"),
        heading=_("Möchten Sie zu dieser Suche keine Mails mehr bekommen?"),
        text=_("Ihre Suche: %(search)s") % {"search": found.wanted.title},
        more=_("Es geht um diese Adresse: %(address)s.") % {"address": found.masked},
        button=Link(_("Suche abbestellen"), request.path),
        aside=Link(_("Alle Suchen per Mail an diese Adresse"), links.page_path(found)),
    ).page(request)


def _left(request: HttpRequest, found: SavedSearch) -> HttpResponse:
    return Outcome(
        title=_("Suche abbestellt"),
        heading=_("Sie bekommen zu dieser Suche keine Mails mehr"),
        text=_("Ihre Suche war: %(search)s") % {"search": found.wanted.title},
        more=_("Alle anderen Mails zu dem, was Sie im Portal angefangen haben, kommen weiter."),
        button=Link(_("Doch wieder bekommen"), links.resume_path(found)),
        aside=Link(_("Alle Suchen per Mail an diese Adresse"), links.page_path(found)),
    ).page(request)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The button „Doch wieder bekommen“; a GET leads to the page that has it."""
    found = find(SavedSearch.objects.all(), public_id=links.read_page_token(token))
    if request.method == "POST":
        with suppress(TransitionNotAllowed):  # the page says what is missing
            services.resume(search=found)
    return redirect(links.page_path(found))


def _to_the_catalogue() -> Link:
    return Link(_("Angebote ansehen"), reverse("portal:catalogue"))


def _gone(request: HttpRequest, *, status: int) -> HttpResponse:
    return Outcome(
        title=_("Sie bekommen diese Suche nicht per Mail"),
        text=_("Zu diesem Link ist bei uns nichts mehr gespeichert. Wir schreiben Ihnen nicht."),
        links=[_to_the_catalogue()],
    ).page(request, status=status)


def _not_confirmed(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Noch nicht bestätigt"),
        text=_(
            "Wir schreiben Ihnen noch nicht. Bitte öffnen Sie den Link in unserer Mail und bestätigen Sie dort. "
            "Ist keine Mail da, bestellen Sie die Suche gern noch einmal."
        ),
        links=[_to_the_catalogue()],
    ).page(request)
