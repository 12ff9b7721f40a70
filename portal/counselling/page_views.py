"""The pages behind the links in mails about counselling: confirming, and writing with the department."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from volunteers.errors import DomainError
from volunteers.forms.messages import MessageForm
from volunteers.guard.limits import TooManyTries, counts, told_when, try_once
from volunteers.links import signing
from volunteers.reads.reach import reach
from volunteers.views.by_link import by_link
from volunteers.views.confirming import confirm_by_link
from volunteers.views.outcomes import Link, Outcome, other_ways_in

from . import links, services
from .models import CounsellingMessage, CounsellingRequest


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=links.read_confirm_token,
        records=CounsellingRequest.objects.select_related("organisation"),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: CounsellingRequest) -> HttpResponse:
    return Outcome(
        title=_("Beratung"),
        heading=_("Möchten Sie Beratung?"),
        text=_("Mit einem Klick geht Ihre Anfrage an die Stelle der Stadt, die Sie berät."),
        button=Link(_("Ja, ich möchte Beratung"), request.path),
        more=_("Haben Sie das nicht geschrieben? Dann schließen Sie diese Seite."),
    ).page(request)


def _confirm(request: HttpRequest, found: CounsellingRequest) -> HttpResponse:
    services.confirm_counselling(asked=found)
    return redirect(links.path(found))


def _expired(request: HttpRequest, found: CounsellingRequest | None) -> HttpResponse:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Der Link ist zu alt. Sie können gern noch einmal fragen."),
        links=[Link(_("Zur Beratung"), reverse("portal:counselling")), other_ways_in()],
    ).page(request, status=410)


def by_token(token: str) -> CounsellingRequest:
    """Raises ``WrongLink`` or ``LinkExpired``; 404 before the click in the mail."""
    rows = CounsellingRequest.objects.select_related("organisation", "entry")
    found = signing.find(rows, public_id=links.read_token(token))
    if found.is_unconfirmed:
        raise Http404
    return found


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """Where the request stands, and what both sides have written."""
    return _page(request, by_token(token), token)


def _page(
    request: HttpRequest, found: CounsellingRequest, token: str, refused: MessageForm | None = None
) -> HttpResponse:
    """``refused`` is a message that was not sent, with what was typed."""
    form = refused or (MessageForm() if found.may_write else None)
    context = {
        "asked": found,
        "written": list(found.messages.all()),
        "own": CounsellingMessage.Sender.PERSON,
        "reach": reach(found.organisation, answers=found.organisation),
        "form": form,
        "token": token,
    }
    return render(request, "counselling/asked.html", context, status=422 if refused else 200)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counts("message")
def message(request: HttpRequest, token: str) -> HttpResponse:
    """Store a message; if it is refused, the form keeps what was typed."""
    found = by_token(token)
    back = f"{links.path(found)}#nachrichten"
    if request.method != "POST":  # a reload of the address after a refused message
        return redirect(back)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            try_once(request, "message", token)
            services.write_message(asked=found, text=form.cleaned_data["text"])
        except TooManyTries as refusal:
            form.add_error("text", str(refusal))
            return told_when(_page(request, found, token, form), refusal)
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            return redirect(back)
    return _page(request, found, token, form)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """„Ich brauche keine Beratung mehr“: a button on the page, to which a GET leads."""
    found = by_token(token)
    if request.method == "POST":
        services.withdraw(asked=found)
    return redirect(links.path(found))
