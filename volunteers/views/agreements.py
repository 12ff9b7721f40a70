"""The agreement of a tandem, on a page that each side opens by its own link; a GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..forms.agreements import AgreementForm
from ..links import tandems as tandem_links
from ..models import Tandem
from ..models.companions import Side, TandemStatus
from ..reads.agreements import agreements_of
from ..reads.answering import looked_after
from ..reads.tandems import contact_for
from ..services import agreements as services
from ..services.ending import NotRunning
from ..services.first_weeks import Resting
from .by_link import by_link
from .first_weeks import resting
from .tandems import METHODS, by_token, too_late

LONGEST_NUMBER = 18
"""Digits of the largest key of a record, so that the database never sees a larger number."""


@by_link
@never_cache
@require_http_methods(METHODS)
def agreement(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what both accepted and what waits; one button accepts, one form proposes."""
    tandem, side = by_token(token)
    if tandem.status != TandemStatus.RUNNING:
        return too_late(request, tandem, side)
    if tandem.is_held:
        return resting(request, tandem_links.page_of(tandem, side))
    number = request.POST.get("accept", "")
    try:
        if number.isdecimal() and len(number) <= LONGEST_NUMBER:
            services.accept(tandem=tandem, side=side, number=int(number))
            return redirect(tandem_links.agreement_path(tandem, side))
        form = _form(request, tandem)
        if request.method == "POST" and form.is_valid():
            services.propose(tandem=tandem, side=side, texts=form.cleaned_data)
            return redirect(tandem_links.agreement_path(tandem, side))
    except services.ChangedMeanwhile as error:
        return _page(request, tandem, side, _form(request, tandem, anew=True), note=str(error))
    except Resting:
        return resting(request, tandem_links.page_of(tandem, side))
    except NotRunning:
        return too_late(request, tandem, side)
    return _page(request, tandem, side, form)


def _form(request: HttpRequest, tandem: Tandem, *, anew: bool = False) -> AgreementForm:
    """Begins with what waits, else with what counts."""
    now = agreements_of(tandem)
    begun = now.waiting or now.accepted
    data = request.POST if request.method == "POST" and not anew else None
    return AgreementForm(data, initial=begun.texts if begun else {})


def _page(
    request: HttpRequest, tandem: Tandem, side: Side, form: AgreementForm, *, note: str = ""
) -> HttpResponse:
    now = agreements_of(tandem)
    context = {
        "note": note,
        "tandem": tandem,
        "form": form,
        "accepted": now.accepted,
        "waiting": now.waiting,
        "is_own": now.waiting is not None and now.waiting.proposed_by == side,
        "name": contact_for(tandem, side).name,
        "who": looked_after(tandem),
        "back": tandem_links.page_of(tandem, side),
    }
    status = 409 if note else 422 if form.errors else 200
    return render(request, "volunteers/tandems/agreement.html", context, status=status)
