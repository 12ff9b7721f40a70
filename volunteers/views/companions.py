"""Confirming the request for a companion, and its status page: no account needed."""

from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import periods
from ..errors import NameTaken, TransitionNotAllowed
from ..forms.companions import RequestForm, RevisedWantedForm, initial_of
from ..forms.guardians import AgreementForm
from ..links import people as person_links
from ..links import signing
from ..links import tandems as tandem_links
from ..models import CompanionRequest
from ..models.companions import RequestStatus
from ..models.families import For
from ..privacy.language import follow
from ..reads.answering import looked_after, office_of
from ..reads.protection import concept_of
from ..sections import tandems as tandem_sections
from ..services import requests as services
from . import thanks
from .by_link import by_link
from .confirming import confirm_by_link
from .outcomes import Link, Outcome, other_ways_in


@never_cache
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        RequestForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, bitte "
            "suchen“. Dann fangen wir an."
        ),
        aside=Link(_("Zur Startseite"), reverse("portal:home")),
    )


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return confirm_by_link(
        request,
        token,
        read=tandem_links.read_confirm_token,
        records=CompanionRequest.objects.filter(asker=None),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=tandem_links.status_path,
        expired=expired,
    )


def _ask_to_confirm(
    request: HttpRequest, found: CompanionRequest, form: AgreementForm | None = None
) -> HttpResponse:
    if form is None and found.is_for_child:
        form = AgreementForm(request=found, initial={"agreed_name": found.name})
    context = {
        "companion_request": found,
        "form": form,
        "who": looked_after(found),
        "protection": concept_of(found.programme_id),
        "office": office_of(found),
        "period": periods.after_days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS),
    }
    code = 422 if form is not None and form.errors else 200
    return render(request, "volunteers/companions/confirm.html", context, status=code)


def _confirm(request: HttpRequest, found: CompanionRequest) -> HttpResponse:
    agreement = None
    if found.is_for_child:
        form = AgreementForm(request.POST, request=found)
        if not form.is_valid():
            return _ask_to_confirm(request, found, form)
        agreement = form.agreement()
    services.confirm_request(request=found, agreement=agreement)
    return redirect(tandem_links.status_path(found))


def expired(request: HttpRequest, found: CompanionRequest | None) -> HttpResponse:
    text = _(
        "Der Link gilt %(period)s. Danach löschen wir die Angaben. Sie können gern noch einmal fragen."
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=text % {"period": periods.days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS)},
        links=[Link(_("Noch einmal fragen"), reverse("volunteers:companion")), other_ways_in()],
    ).page(request, status=410)


def by_status_token(token: str) -> CompanionRequest:
    """The confirmed request of the link, or 404."""
    public_id = tandem_links.read_status_token(token)
    requests = CompanionRequest.objects.select_related(
        "programme", "organisation", "district", "asker"
    )
    found = signing.find(requests, public_id=public_id)
    if found.is_unconfirmed or found.status == RequestStatus.AWAITING:
        raise Http404
    return found


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """How far the search is, and who looks after it; the link is the only authentication."""
    found = by_status_token(token)
    searches = found.status == RequestStatus.OPEN and not found.begun
    context = {
        "companion_request": found,
        "protection": concept_of(found.programme_id) if searches else None,
        "begun": found.begun,
        "who": looked_after(found),
        "office": office_of(found),
        "token": token,
        "section": tandem_sections.of_request(found),
        "asked_at": _asked_at(found),
        "my_page_url": person_links.person_path(found) if found.email else "",
    }
    return render(request, "volunteers/companions/status.html", context)


def _asked_at(found: CompanionRequest) -> str:
    """Slug of the programme that searches, or of the office; empty while neither is public."""
    both = (found.programme, office_of(found))
    return next((one.slug for one in both if one and one.is_published), "")


def _words_for(found: CompanionRequest) -> str:
    """The one who revises is the guardian, whoever asked."""
    return For.CHILD if found.is_for_child else For.SELF


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, token: str) -> HttpResponse:
    """Change the answers; the mail address stays."""
    found = by_status_token(token)
    if found.is_closed:
        return redirect("volunteers:companion_status", token)
    data = request.POST if request.method == "POST" else None
    form = RevisedWantedForm(data, initial=initial_of(found), asked_for=_words_for(found))
    if request.method == "POST" and form.is_valid():
        try:
            # It may have been closed a moment ago; the status page then shows this.
            with suppress(TransitionNotAllowed):
                services.revise_request(request=found, answers=form.answers())
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            with follow(found, form.answers()):
                return redirect("volunteers:companion_status", token)
    context = {"form": form, "companion_request": found, "token": token}
    code = 422 if form.errors else 200
    return render(request, "volunteers/companions/revise.html", context, status=code)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    found = by_status_token(token)
    if request.method == "POST" or found.is_closed:
        # On a second click it is withdrawn already, as wanted.
        with suppress(TransitionNotAllowed):
            if request.method == "POST":
                services.withdraw_request(request=found)
        return redirect("volunteers:companion_status", token)
    context = {"token": token, "running": found.status == RequestStatus.MATCHED}
    return render(request, "volunteers/companions/withdraw.html", context)
