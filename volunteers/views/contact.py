"""The page behind the two links of „Hat sich schon jemand bei Ihnen gemeldet?“."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import TransitionNotAllowed
from ..links import applications as application_links
from ..links import signing
from ..models import Application
from ..models.statuses import Status
from ..services.contact import answer_contact_question
from .by_link import by_link

ANSWERS = {"ja": Application.ContactAnswer.YES, "nein": Application.ContactAnswer.NO}


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """A GET asks; only the POST stores the answer. 410 once the application is no longer new."""
    if answer not in ANSWERS:
        raise Http404
    application = _by_token(token)
    if application.status != Status.NEW:
        return _over(request, application)
    if request.method == "POST":
        try:
            answer_contact_question(application=application, answer=ANSWERS[answer])
        except TransitionNotAllowed:
            application.refresh_from_db()
            return _over(request, application)
        return redirect(application_links.status_path(application))
    other = "ja" if answer == "nein" else "nein"
    context = {
        "application": application,
        "chosen": ANSWERS[answer],
        "other": ANSWERS[other],
        "other_url": signing.path_of("contact", token, other),
    }
    return render(request, "volunteers/contact/contact.html", context)


def _by_token(token: str) -> Application:
    public_id = uuid.UUID(signing.read_mailed(application_links.CONTACT, token))
    applications = Application.objects.select_related("entry", "organisation")
    return signing.find(applications.exclude(status=Status.UNCONFIRMED), public_id=public_id)


def _over(request: HttpRequest, application: Application) -> HttpResponse:
    context = {"application": application, "url": application_links.status_path(application)}
    return render(request, "volunteers/contact/over.html", context, status=410)
