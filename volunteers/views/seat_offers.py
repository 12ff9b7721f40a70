"""The page of an offered seat: accept it, or read why it is gone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import OfferGone
from ..links import signing
from ..models import Registration
from ..models.registrations import RegistrationStatus
from ..services import registrations as services
from .by_link import by_link
from .outcomes import Link, Outcome, about
from .registrations import by_token, other_events

AGAIN = gettext_lazy(
    "Sie können sich gleich wieder anmelden. Ist nichts frei, kommen Sie auf die Warteliste."
)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept the offered seat. If it is too late, the page says so and what the person can do."""
    found = by_token(token)
    if found.status == RegistrationStatus.REGISTERED:
        return redirect("volunteers:registration", token)
    gone = not services.offer_holds(found)
    if request.method == "POST" and not gone:
        try:
            services.accept_offer(registration=found)
        except OfferGone:
            gone = True
        else:
            return redirect("volunteers:registration", token)
    if gone:
        return _gone(found, token).page(request, status=410)
    context = {"registration": found, "event": found.event, "token": token}
    return render(request, "volunteers/registrations/accept.html", context)


def _gone(found: Registration, token: str) -> Outcome:
    """Why there is no seat any more, and what the person can do."""
    event, heading, more, link = found.event, "", "", other_events()
    if event.is_cancelled:
        heading = _("Der Termin ist abgesagt")
        text = _("Dieser Termin findet nicht statt. Sie müssen nichts tun.")
    elif found.status == RegistrationStatus.WAITING:
        heading = _("Zurzeit ist kein Platz für Sie frei")
        text = _("Sie stehen auf der Warteliste. Wird ein Platz frei, bekommen Sie eine neue Mail.")
        link = Link(_("Zu Ihrer Anmeldung"), signing.path_of("registration", token))
    else:
        text = _given_away(found)
        if event.takes_answers:
            more = str(AGAIN)
            link = Link(_("Ich möchte doch kommen"), _way_back(found, token))
    return Outcome(
        title=_("Der Platz ist nicht mehr frei"),
        heading=heading,
        about=about(event),
        text=text,
        more=more,
        links=[link],
    )


def _given_away(found: Registration) -> str:
    if found.status == RegistrationStatus.CANCELLED:
        return _("Sie haben sich abgemeldet; wir haben ihn weitergegeben.")
    return _("Die Zeit, ihn anzunehmen, ist vorbei. Wir haben ihn weitergegeben.")


def _way_back(found: Registration, token: str) -> str:
    """A link to join again once the expired offer is taken back; before that, to the registration."""
    return signing.path_of("registration_rejoin" if found.is_over else "registration", token)
