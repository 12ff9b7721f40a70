"""Decorator of the pages that a signed link opens."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from ..guard.limits import View, given, limited, limited_guesses
from ..links.signing import LinkExpired, WrongLink
from .outcomes import Link, Outcome


def by_link(view: View) -> View:
    """For a view with a ``token`` in its address.

    POSTs count for the limit of the link („link“), wrong links for that of the network
    („wrong_link“). A wrong link is 404 (``WrongLink``); an expired one gets a page that says so,
    with 410 (``LinkExpired``).
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except WrongLink as wrong:
            raise Http404 from wrong
        except LinkExpired as over:
            response = (_renewable(over) if over.renew_url else _gone()).page(request, status=410)
            response["Cache-Control"] = "no-store"
            return response

    steps = limited("link", target=given("token"))
    return limited_guesses("wrong_link", shut_out=False)(steps(opened))


def _renewable(over: LinkExpired) -> Outcome:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_(
            "Links aus unseren Mails gelten nur einige Wochen, damit niemand alte Mails dafür nutzen "
            "kann. Wir schicken gern einen neuen an dieselbe Adresse."
        ),
        button=Link(_("Neuen Link schicken"), over.renew_url),
        aside=Link(_("Lieber mit einem Code anmelden"), reverse("account_request_login_code")),
    )


def _gone() -> Outcome:
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=_("Was dieser Link gezeigt hat, ist vorbei oder inzwischen gelöscht."),
        links=[Link(_("Angebote ansehen"), reverse("portal:catalogue"))],
    )
