"""„Das sind wir“ for who asks: the form, confirming, and where the request stands."""

from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Entry, Organisation

from .. import periods
from ..errors import TransitionNotAllowed
from ..forms.access_requests import AccessRequestForm
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..links import access_requests as links
from ..links import organisations as organisation_links
from ..links import signing
from ..models import AccessRequest
from ..services import access_requests as services
from . import thanks
from .by_link import by_link
from .confirming import confirm_by_link
from .outcomes import Link, Outcome, about, other_ways_in


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(AccessRequestForm.limit)
@evenly
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    entries = Entry.objects.published().select_related("organisation", "organisation_entry")
    entry = get_object_or_404(entries, slug=slug)
    form = AccessRequestForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        form.keep(about=entry)
        if form.is_from_a_person():
            try:
                services.submit_access_request(organisation=entry.owner, answers=form.answers())
            except Organisation.DoesNotExist as gone:
                raise Http404 from gone
        return redirect("volunteers:access_done")
    context = {"form": form, "entry": entry, "organisation": entry.owner}
    return page(request, "volunteers/access_requests/ask.html", context)


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        AccessRequestForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, ich frage nach "
            "Zugang“. Dann prüfen wir Ihre Anfrage und schreiben Ihnen."
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
        records=AccessRequest.objects.select_related("organisation"),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: AccessRequest) -> HttpResponse:
    return Outcome(
        title=_("Das sind wir"),
        heading=_("Möchten Sie nach Zugang fragen?"),
        about=about(found.organisation),
        text=_("Wir prüfen dann, ob Sie zu dieser Organisation gehören, und schreiben Ihnen."),
        button=Link(_("Ja, ich frage nach Zugang"), request.path),
        more=_("Haben Sie das nicht geschrieben? Dann schließen Sie diese Seite."),
    ).page(request)


def _confirm(request: HttpRequest, found: AccessRequest) -> HttpResponse:
    services.confirm_access_request(asked=found)
    return redirect(links.path(found))


def _expired(request: HttpRequest, found: AccessRequest | None) -> HttpResponse:
    again = (
        reverse("volunteers:access_ask", args=[found.organisation.slug])
        if found and found.organisation.is_published
        else reverse("portal:catalogue")
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Der Link ist zu alt. Sie können gern noch einmal fragen."),
        links=[Link(_("Noch einmal fragen"), again), other_ways_in()],
    ).page(request, status=410)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """Where the request stands."""
    rows = AccessRequest.objects.select_related("organisation")
    found = signing.find(rows, public_id=links.read_token(token))
    if found.is_unconfirmed:
        raise Http404
    return Outcome(
        title=_("Ihre Anfrage nach Zugang"),
        about=about(found.organisation),
        text=_said(found),
        more=found.reason,
        links=[Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)],
    ).page(request)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vouch(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever reads the known mailbox of the organisation: does this person belong to it?"""
    holder = organisation_links.read(organisation_links.Purpose.VOUCH, token)
    number, said = request.POST.get("request", ""), request.POST.get("belongs", "")
    is_number = number.isdecimal() and len(number) < 19
    if request.method == "POST" and is_number and said in {"yes", "no"}:
        with suppress(TransitionNotAllowed, AccessRequest.DoesNotExist):  # said or decided before
            services.vouch(holder=holder, number=int(number), belongs=said == "yes")
        return redirect("volunteers:access_vouch", token)
    open_ones = AccessRequest.objects.to_vouch().filter(organisation=holder.organisation)
    context = {"organisation": holder.organisation, "asked": open_ones}
    return render(request, "volunteers/access_requests/vouch.html", context)


def _said(asked: AccessRequest) -> str:
    if asked.status == AccessRequest.Status.ACCEPTED:
        return _(
            "Wir haben Ihre Anfrage angenommen und Ihnen eine Einladung geschickt. Öffnen Sie bitte den "
            "Link in dieser Mail."
        )
    if asked.status == AccessRequest.Status.DECLINED:
        return _("Das geht leider nicht. Der Grund:")
    period = periods.after_days_in_words(settings.DEFAULT_ANSWER_DAYS)
    return _(
        "Danke. Wir prüfen, ob Sie dazugehören, und melden uns innerhalb von %(period)s. Vielleicht rufen "
        "wir an."
    ) % {"period": period}
