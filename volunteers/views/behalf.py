"""Requests for others: whoever asked confirms and sees how far it is; the guardian says yes or no."""

from contextlib import suppress

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import TransitionNotAllowed
from ..forms.guardians import AgreementForm
from ..links import signing
from ..links import tandems as tandem_links
from ..models import CompanionRequest
from ..models.companions import RequestStatus
from ..reads.answering import looked_after
from ..reads.protection import concept_of
from ..services import guardians as services
from .by_link import by_link
from .companions import expired
from .confirming import confirm_by_link
from .outcomes import Outcome, other_ways_in


def _records() -> "QuerySet[CompanionRequest]":
    wanted = CompanionRequest.objects.filter(asker__isnull=False)
    return wanted.select_related("asker", "programme", "organisation")


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever asked for others confirms the address; then the family gets its link."""
    return confirm_by_link(
        request,
        token,
        read=tandem_links.read_asker_token,
        records=_records(),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=tandem_links.asked_path,
        expired=expired,
    )


def _ask_to_confirm(request: HttpRequest, found: CompanionRequest) -> HttpResponse:
    context = {"companion_request": found, "who": looked_after(found)}
    return render(request, "volunteers/companions/confirm_asker.html", context)


def _confirm(request: HttpRequest, found: CompanionRequest) -> HttpResponse:
    services.confirm_asker(request=found)
    return redirect(tandem_links.asked_path(found))


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is, for whoever asked: no more than they typed themselves, and nothing of the companion."""
    found = signing.find(_records(), public_id=tandem_links.read_asked_token(token))
    if found.is_unconfirmed:
        raise Http404
    context = {"companion_request": found, "who": looked_after(found)}
    return render(request, "volunteers/companions/asked.html", context)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """The guardian, or the grown-up it is for, says yes or no. Afterwards the link leads to their page."""
    requests = CompanionRequest.objects.select_related("asker", "programme", "organisation")
    found = signing.find(requests, public_id=tandem_links.read_agree_token(token))
    if found.is_unconfirmed:
        raise Http404
    if found.status != RequestStatus.AWAITING:
        return _afterwards(request, found)
    data = request.POST if request.method == "POST" else None
    if data is not None and "no" in data:
        with suppress(TransitionNotAllowed):  # said in another window
            services.refuse(request=found)
        return redirect("volunteers:companion_agree", token)
    form = AgreementForm(data, request=found) if found.is_for_child else None
    if data is not None and (form is None or form.is_valid()):
        with suppress(TransitionNotAllowed):
            services.agree(request=found, agreement=form.agreement() if form else None)
        return redirect("volunteers:companion_agree", token)
    context = {
        "companion_request": found,
        "form": form,
        "who": looked_after(found),
        "protection": concept_of(found.programme_id),
    }
    code = 422 if form is not None and form.errors else 200
    return render(request, "volunteers/companions/agree.html", context, status=code)


def _afterwards(request: HttpRequest, found: CompanionRequest) -> HttpResponse:
    if found.has_agreed:
        return redirect(tandem_links.status_path(found))
    return Outcome(
        title=_("Wir suchen nicht"),
        text=_("Zu dieser Anfrage suchen wir niemanden. Die Angaben löschen wir von selbst."),
        links=[other_ways_in()],
    ).page(request)
