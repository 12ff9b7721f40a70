"""„Barriere melden“: a form for every page, answered by the clearing office like a question."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Organisation

from .. import periods
from ..forms.enquiries import BarrierForm, without_keys
from ..guard import sent
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..reads.promising import promised
from ..reads.reach import reach
from ..services import enquiries as services
from .outcomes import Link, Outcome


def _office() -> Organisation:
    office = Organisation.objects.clearing().first()
    if office is None:
        raise Http404
    return office


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(BarrierForm.limit)
def report(request: HttpRequest) -> HttpResponse:
    office = _office()
    data = request.POST if request.method == "POST" else None
    form = BarrierForm(data, initial={"page": _page_before(request)}, request=request)
    if request.method == "POST" and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.ask(about=office, question=form.question())
        return redirect("volunteers:barrier_done")
    return page(
        request, "volunteers/enquiries/barrier.html", {"form": form, "reach": reach(office)}
    )


def _page_before(request: HttpRequest) -> str:
    """The page whose link „Barriere melden“ was followed, as the browser says."""
    before = urlsplit(request.META.get("HTTP_REFERER", ""))
    return without_keys(before.path)[:300] if before.netloc == request.get_host() else ""


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    """It is stored by now; says until when it is read, and where the answer goes."""
    found = sent.kept(request, BarrierForm.limit)
    period = periods.after_days_in_words(promised(_office()).days)
    email = found.address if found else ""
    return Outcome(
        title=_("Danke, dass Sie es sagen"),
        text=_("Wir lesen Ihren Hinweis innerhalb von %(period)s.") % {"period": period},
        more=_("Ein Mensch antwortet per E-Mail an %(email)s.") % {"email": email} if email else "",
        aside=Link(_("Etwas stimmt nicht? Noch einmal schicken"), found.again) if found else None,
        links=[Link(_("Zur Startseite"), reverse("portal:home"))],
    ).page(request)
