"""A new organisation, for who proposes it: the form, confirming, and where the proposal stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..forms.organisation_proposals import ProposalForm
from ..guard.evenly import evenly
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..links import organisation_proposals as links
from ..links import signing
from ..models import OrganisationProposal
from ..services import organisation_proposals as services
from . import thanks
from .by_link import by_link
from .confirming import confirm_by_link
from .outcomes import Link, Outcome, about, other_ways_in


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(ProposalForm.limit)
@evenly
def propose(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        form.keep()
        if form.is_from_a_person():
            services.submit_proposal(answers=form.answers())
        return redirect("volunteers:proposal_done")
    return page(request, "volunteers/organisation_proposals/propose.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD"])
def done(request: HttpRequest) -> HttpResponse:
    return thanks.almost_done(
        request,
        ProposalForm.limit,
        text=_(
            "In unserer E-Mail ist ein Link. Öffnen Sie den Link und klicken Sie auf „Ja, bitte prüfen“. "
            "Dann sehen wir uns Ihren Vorschlag an und schreiben Ihnen."
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
        records=OrganisationProposal.objects.all(),
        ask=_ask_to_confirm,
        confirm=_confirm,
        path=links.path,
        expired=_expired,
    )


def _ask_to_confirm(request: HttpRequest, found: OrganisationProposal) -> HttpResponse:
    return Outcome(
        title=_("Organisation vorschlagen"),
        heading=_("Sollen wir diesen Vorschlag prüfen?"),
        about=Link(found.title, ""),
        text=_("Wir sehen nach, ob es die Organisation im Portal schon gibt, und schreiben Ihnen."),
        button=Link(_("Ja, bitte prüfen"), request.path),
        more=_("Haben Sie das nicht geschrieben? Dann schließen Sie diese Seite."),
    ).page(request)


def _confirm(request: HttpRequest, found: OrganisationProposal) -> HttpResponse:
    services.confirm_proposal(proposal=found)
    return redirect(links.path(found))


def _expired(request: HttpRequest, found: OrganisationProposal | None) -> HttpResponse:
    again = Link(_("Noch einmal vorschlagen"), reverse("volunteers:propose"))
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Der Link ist zu alt. Sie können die Organisation gern noch einmal vorschlagen."),
        links=[again, other_ways_in()],
    ).page(request, status=410)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def proposal(request: HttpRequest, token: str) -> HttpResponse:
    """Where the proposal stands."""
    rows = OrganisationProposal.objects.select_related("organisation")
    found = signing.find(rows, public_id=links.read_token(token))
    if found.is_unconfirmed:
        raise Http404
    return Outcome(
        title=_("Ihr Vorschlag"),
        about=about(found.organisation) if found.organisation else Link(found.title, ""),
        text=_said(found),
        more=found.reason,
        links=[Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)],
    ).page(request)


def _said(proposal: OrganisationProposal) -> str:
    if proposal.status == OrganisationProposal.Status.ACCEPTED:
        return _(
            "Wir haben Ihren Vorschlag angenommen und Ihnen eine Einladung geschickt. Öffnen Sie bitte den "
            "Link in dieser Mail. Dann richten Sie den Eintrag ein."
        )
    if proposal.status == OrganisationProposal.Status.DECLINED:
        return _("Wir nehmen diese Organisation nicht auf. Der Grund:")
    day = date_format(proposal.answer_by, "j. F Y") if proposal.answer_by else ""
    return _("Danke. Wir prüfen Ihren Vorschlag und schreiben Ihnen bis zum %(day)s.") % {
        "day": day
    }
