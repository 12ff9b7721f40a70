"""„Beratung“: the page for everybody, the form of each audience, and what follows it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Organisation
from volunteers.guard import sent
from volunteers.guard.evenly import evenly
from volunteers.guard.forms import page
from volunteers.guard.limits import counts
from volunteers.guard.way_back import keeps_way_back
from volunteers.reads.promising import promised
from volunteers.reads.reach import reach_for_everything
from volunteers.views import thanks
from volunteers.views.outcomes import Link, Outcome

from . import services
from .forms import CounsellingForm
from .models import Audience

SLUGS = {
    "engagierte": Audience.VOLUNTEERS,
    "interessierte": Audience.INTERESTED,
    "organisationen": Audience.ORGANISATIONS,
    "unternehmen": Audience.COMPANIES,
}


def overview(request: HttpRequest) -> HttpResponse:
    """For everybody: for whom there is counselling, and the number to call."""
    return render(request, "counselling/overview.html", {"reach": reach_for_everything()})


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(CounsellingForm.limit)
@evenly
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    office = Organisation.objects.clearing().first()
    if slug not in SLUGS or office is None:
        raise Http404
    audience = SLUGS[slug]
    data = request.POST if request.method == "POST" else None
    form = CounsellingForm(data, audience=audience, request=request)
    if data is not None and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.submit_counselling(audience=audience, answers=form.answers())
        return redirect("portal:counselling_done")
    context = {
        "form": form,
        "audience": audience,
        "is_for_companies": audience == Audience.COMPANIES,
        "days": promised(office).days,
        "reach": reach_for_everything(),
    }
    return page(request, "counselling/ask.html", context)


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    """What comes next: a mail with a link, or a call for those who gave no address."""
    found = sent.kept(request, CounsellingForm.limit)
    if found is not None and not found.address:
        return _will_be_called(request, found)
    return thanks.almost_done(
        request,
        CounsellingForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, ich möchte "
            "Beratung“. Dann sehen Sie, wer Ihnen bis wann antwortet."
        ),
    )


def _will_be_called(request: HttpRequest, found: sent.Sent) -> HttpResponse:
    phone = found.data.get("phone", [""])[0]
    return Outcome(
        title=_("Danke für Ihre Anfrage"),
        text=_("Sie ist bei uns angekommen. Ein Mensch ruft Sie an: %(phone)s.") % {"phone": phone},
        aside=Link(_("Etwas stimmt nicht? Noch einmal schicken"), found.again),
        links=[Link(_("Zur Startseite"), reverse("portal:home"))],
    ).page(request)
