"""The page behind the link of an invitation to work for an organisation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..accounts import login
from ..links import signing
from ..notifications.accesses import INVITATION
from ..roles.words import summary
from ..services import invitations as services
from .by_link import by_link
from .outcomes import Link, Outcome


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the offered role; the button accepts it and mails the login code.

    404 for an invalid token, 410 once the invitation is used, withdrawn or too old.
    """
    public_id = signing.read_id(INVITATION, token)
    try:
        offered = services.still_offered(public_id)
        if request.method == "POST":
            services.accept_invitation(public_id=public_id)
            return login.log_in(request, offered.email)
    except services.InvitationGone:
        return _over(request)
    context = {"invitation": offered, "may": summary(offered.role)}
    return render(request, "volunteers/invitations/invitation.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Diese Einladung gilt nicht mehr"),
        text=_("Sie wurde schon angenommen, zurückgenommen, oder ihre Zeit ist um."),
        more=_(
            "Haben Sie sie selbst angenommen? Dann melden Sie sich mit Ihrer E-Mail-Adresse an. Sonst "
            "bitten Sie die Organisation, Sie neu einzuladen."
        ),
        links=[Link(_("Anmelden mit Code"), reverse("account_request_login_code"))],
    ).page(request, status=410)
