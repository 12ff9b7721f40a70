"""„Etwas geben“: the request page of companies and foundations, beside what organisations need."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Organisation
from volunteers import periods
from volunteers.guard import sent
from volunteers.guard.forms import page
from volunteers.guard.limits import counts
from volunteers.guard.way_back import keeps_way_back
from volunteers.reads.promising import promised
from volunteers.reads.reach import reach_for_everything
from volunteers.views.outcomes import Link, Outcome

from . import services
from .forms import OfferForm
from .models import Need

NEEDS = 30
"""Most that the page shows, the newest first."""
DAYS = "cooperation_days"
"""Key in the session, for the page that says thanks."""


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(OfferForm.limit)
def give(request: HttpRequest) -> HttpResponse:
    office = Organisation.objects.clearing().first()
    if office is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = OfferForm(data, request=request)
    days = promised(office).days
    if data is not None and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.offer(answers=form.answers())
        request.session[DAYS] = days
        return redirect("portal:cooperation_done")
    context = {
        "form": form,
        "days": days,
        "needs": Need.objects.current()[:NEEDS],
        "reach": reach_for_everything(),
    }
    return page(request, "cooperation/give.html", context)


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    """The offer is stored by now; says until when somebody answers."""
    found = sent.kept(request, OfferForm.limit)
    days = request.session.get(DAYS)
    period = periods.after_days_in_words(days) if found and days else ""
    text = _("Ein Mensch meldet sich innerhalb von %(period)s bei Ihnen.") % {"period": period}
    return Outcome(
        title=_("Danke für Ihr Angebot"),
        text=text if period else _("Es ist bei uns angekommen."),
        aside=Link(_("Etwas stimmt nicht? Noch einmal schicken"), found.again) if found else None,
        links=[Link(_("Zur Startseite"), reverse("portal:home"))],
    ).page(request)
