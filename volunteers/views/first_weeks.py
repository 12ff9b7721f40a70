"""„Haben Sie sich schon getroffen?“ and „Passt es?“, each answer by a link of its own; a GET changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import DomainError
from ..links import tandems as tandem_links
from ..models import Tandem
from ..models.companions import Side, TandemStatus
from ..reads.answering import looked_after
from ..reads.first_weeks import in_trial, may_change
from ..reads.tandems import contact_for
from ..services import first_weeks as services
from .by_link import by_link
from .outcomes import Link, Outcome
from .tandems import METHODS, by_token, too_late

OPEN = "frage"
"""In the address: whichever question is open."""
MET = {"ja": True, "nein": False}
FIT = {"passt": "fits", "offen": "open", "passt-nicht": "no_fit"}


@by_link
@never_cache
@require_http_methods(METHODS)
def first_meeting(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """Shows the question with the answer of the link as the strong button; a button sends an answer."""
    if answer not in {OPEN, *MET, *FIT}:
        raise Http404
    tandem, side = by_token(token)
    if tandem.status != TandemStatus.RUNNING:
        return too_late(request, tandem, side)
    if tandem.is_held:
        page = tandem_links.page_of(tandem, side)
        return resting(request, page)
    if request.method == "POST":
        said = request.POST.get("answer", answer)
        if said in MET or said in FIT:
            return _take(request, tandem, side, said)
    return _question(request, tandem, side, answer)


def _question(request: HttpRequest, tandem: Tandem, side: Side, answer: str) -> HttpResponse:
    context = {
        "answer": answer,
        "tandem": tandem,
        "asks_fit": answer in FIT or (answer == OPEN and tandem.met_on is not None),
        "may_change": may_change(tandem, side),
        "trial_until": tandem.trial_until if in_trial(tandem) else None,
        "name": contact_for(tandem, side).name,
        "who": looked_after(tandem),
        "back": tandem_links.page_of(tandem, side),
    }
    return render(request, "volunteers/tandems/first_meeting.html", context)


def _told(request: HttpRequest, title: str, error: DomainError, page: str) -> HttpResponse:
    outcome = Outcome(title=title, text=str(error), links=[Link(_("Zu Ihrer Seite"), page)])
    return outcome.page(request, status=410)


def resting(request: HttpRequest, page: str) -> HttpResponse:
    """For whatever comes while the tandem is on hold; ``page`` is that of this side."""
    return _told(request, _("Ihr Tandem ruht"), services.Resting(), page)


def _take(request: HttpRequest, tandem: Tandem, side: Side, answer: str) -> HttpResponse:
    page = tandem_links.page_of(tandem, side)
    try:
        if answer in FIT:
            services.say_fit(tandem=tandem, side=side, fit=FIT[answer])
        else:
            services.say_met(tandem=tandem, side=side, met=MET[answer])
    except services.ChangeIsOver as error:
        return _told(request, _("Es hat schon gepasst"), error, page)
    except services.Resting:
        return resting(request, page)
    except DomainError:
        return too_late(request, tandem, side)
    if MET.get(answer):
        return redirect(tandem_links.first_meeting_path(tandem, side, OPEN))
    return redirect(page)
