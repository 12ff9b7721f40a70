"""The page behind the link of „Sollen Ihre Daten bleiben?“."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..links import my_data as my_data_links
from ..links import people as person_links
from ..links import signing
from ..links.staying import read_stay_token
from ..links.whose import whose
from ..models import Volunteer
from ..privacy import silence
from ..privacy.staying import stay as stay_volunteer
from .by_link import by_link
from .outcomes import Link, Outcome


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks; only the POST stores the answer. 410 once it is answered or the data is deleted."""
    volunteer = read_stay_token(token)
    if volunteer is None:
        return _gone(request)
    if request.method == "POST":
        try:
            stay_volunteer(volunteer=volunteer)
        except Volunteer.DoesNotExist:
            return _gone(request)
        return Outcome(
            title=_("Danke, Ihre Daten bleiben"),
            text=_(
                "Schön, dass Sie dabei bleiben. Auf Ihrer Seite sehen und ändern Sie, was gespeichert "
                "ist."
            ),
            links=[_own_page(volunteer)],
        ).page(request)
    if _is_answered(volunteer):
        return _answered(request, volunteer)
    return render(request, "volunteers/staying/stay.html", _ways_out(volunteer))


def _answered(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    return Outcome(
        title=_("Diese Frage ist erledigt"),
        text=_("Sie haben schon geantwortet: Ihre Daten bleiben."),
        links=[_own_page(volunteer)],
    ).page(request, status=410)


def _own_page(volunteer: Volunteer) -> Link:
    return Link(_("Zu Ihrer Seite"), person_links.person_path(volunteer))


def _gone(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Diese Frage ist erledigt"),
        text=_(
            "Der Link gilt nicht mehr: Die Daten, um die es ging, sind gelöscht, oder es gibt eine "
            "neuere Mail von uns. Sie sind jederzeit wieder willkommen."
        ),
        links=[Link(_("Mitmachen"), reverse("portal:catalogue"), is_strong=False)],
    ).page(request, status=410)


def _is_answered(volunteer: Volunteer) -> bool:
    asked, stayed = volunteer.asked_to_stay_at, volunteer.stayed_at
    return asked is None or (stayed is not None and stayed >= asked)


def _ways_out(volunteer: Volunteer) -> dict[str, Any]:
    """The last day for the answer, and until then links to „Meine Daten“ and to deleting everything.

    Those links work for hours only. They are no longer made when the time for the answer is over.
    """
    asked = volunteer.asked_to_stay_at or timezone.now()
    until = silence.answer_until(timezone.localdate(asked))
    if timezone.localdate() > until:
        return {"until": until}
    token = my_data_links.token_for(whose(volunteer))
    return {
        "until": until,
        "my_data_url": signing.path_of("my_data_by_link", token),
        "delete_url": signing.path_of("my_data_erase", token),
    }
