"""„Etwas stimmt nicht“: for both sides of a tandem by their link, and for everybody else."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Entry, Organisation

from ..forms.concerns import ConcernForm, PublicConcernForm, TandemConcernForm
from ..guard.forms import page
from ..guard.limits import counts
from ..links import concerns as concern_links
from ..links import signing
from ..links import tandems as tandem_links
from ..models import Concern, Tandem
from ..periods import after_working_days_in_words
from ..reads import trust
from ..reads.reach import reach
from ..services.concerns import NobodyReads, raise_concern
from .by_link import Elsewhere, by_link

METHODS = ["GET", "HEAD", "POST"]
FORM = "volunteers/concerns/form.html"


def _period() -> str:
    return after_working_days_in_words(settings.CONCERN_WORKING_DAYS)


def _call(organisation: Organisation | None) -> dict[str, Any]:
    """What every one of these pages says: whom to call, and until when it is read."""
    return {"reach": reach(organisation) if organisation else None, "period": _period()}


def _nobody(request: HttpRequest, organisation: Organisation | None) -> HttpResponse:
    """No person of trust is named anywhere: nothing is taken in that nobody would read."""
    return render(request, "volunteers/concerns/nobody.html", _call(organisation))


@by_link
@never_cache
@require_http_methods(METHODS)
@counts(ConcernForm.limit)
def tandem(request: HttpRequest, token: str) -> HttpResponse:
    """One side of a tandem, whatever has become of it."""
    public_id, side = tandem_links.read_side_token(token)
    found = Tandem.objects.select_related("organisation", "request", "application")
    about = found.filter(public_id=public_id).first()
    if about is None:  # deleted; what was wrong can still be said
        raise Elsewhere(reverse("volunteers:concern"))
    organisation = trust.looked_after_by(about)
    if organisation is None or not trust.has_readers(organisation):
        return _nobody(request, organisation)
    form = TandemConcernForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        report = form.report_of(about, side)
        if _taken(form, report=report, organisation=organisation, tandem=about):
            return redirect("volunteers:concern_done")
    back = tandem_links.page_of(about, side)
    return page(request, FORM, {"form": form, "back": back, **_call(organisation)})


def _taken(form: ConcernForm, **said: Any) -> bool:
    """Whether the page says thanks: it is stored, or a bot sent it."""
    if not form.is_from_a_person():
        return True
    try:
        raise_concern(tell=form.cleaned_data["email"], **said)
    except NobodyReads as error:
        form.add_error("about_coordination", str(error))
        return False
    return True


@never_cache
@require_http_methods(METHODS)
@counts(ConcernForm.limit)
def concern(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Everybody else; with ``slug`` about an entry, else for the clearing office."""
    entries = Entry.objects.published().select_related("organisation")
    entry = get_object_or_404(entries, slug=slug) if slug else None
    organisation = trust.asked_about(entry)
    if organisation is None or not trust.has_readers(organisation):
        return _nobody(request, organisation)
    form = PublicConcernForm(request.POST if request.method == "POST" else None, request=request)
    sent = request.method == "POST" and form.is_valid()
    if sent and _taken(form, report=form.report(), organisation=organisation):
        return redirect("volunteers:concern_done")
    return page(request, FORM, {"form": form, "about": entry, **_call(organisation)})


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    """It is stored by now; the page says nothing of it, and neither does the browser's session."""
    return render(request, "volunteers/concerns/done.html", _call(None))


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def state(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is, and no word of it."""
    rows = Concern.objects.select_related("organisation")
    found = signing.find(rows, public_id=concern_links.read_state_token(token))
    here = Concern.State.values.index(found.state)
    looks = ["done"] * here + ["current"] + ["todo"] * len(Concern.State.values)
    states = list(zip(Concern.State.labels, looks, strict=False))
    context = {"concern": found, "states": states, **_call(found.organisation)}
    return render(request, "volunteers/concerns/state.html", context)
