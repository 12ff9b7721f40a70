"""The page behind the link of an invitation to work for an organisation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import accounts, links, roles
from ..notifications.accesses import INVITATION
from ..services import invitations as services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what is offered; the button takes it and mails the code to log in with.

    404 for a token that is not ours, 410 once the invitation is used, withdrawn or too old.
    """
    try:
        public_id = links.read_id(INVITATION, token)
    except ValueError as error:
        raise Http404 from error
    try:
        offered = services.still_offered(public_id)
        if request.method == "POST":
            services.accept_invitation(public_id=public_id)
            return accounts.log_in(request, offered.email)
    except services.InvitationGone:
        return render(request, "volunteers/invitation_over.html", status=410)
    context = {"invitation": offered, "may": roles.summary(offered.role)}
    return render(request, "volunteers/invitation.html", context)
