"""Decorators of the pages that a signed link opens. None of them is a dead end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..guard.limits import View, given, limited, limited_guesses
from ..links.signing import LinkExpired, WrongLink
from .outcomes import Link, Outcome, other_ways_in


class Elsewhere(Exception):
    """The link is right, but what it is for is not there now; the page at ``path`` says why."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def by_link(view: View) -> View:
    """For a view with a ``token`` in its address.

    POSTs count for the limit of the link („link“), wrong links for that of the network
    („wrong_link“). A wrong link gets a page with 404 (``WrongLink``), an expired one a page with 410
    (``LinkExpired``); both say what happened and lead on.
    """

    steps = limited("link", target=given("token"))
    return limited_guesses("wrong_link", shut_out=False)(steps(_leads_on(view)))


def by_one_click(view: View) -> View:
    """The same for a step that a mail program's server takes for its users (RFC 8058).

    Its right links are not counted: one server leaves a list for many people, within minutes of an issue.
    """
    return limited_guesses("wrong_link", shut_out=False)(_leads_on(view))


def by_poster(view: View) -> View:
    """For a view that a QR code on a wall opens: many people, and all phones of a house share an address."""
    return limited("door", target=given("token"))(_leads_on(view))


def _leads_on(view: View) -> View:
    """Wrong and expired links get a page; whatever comes, no search engine keeps it."""
    opened = _opened(view)

    @wraps(view)
    def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = opened(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return hidden


def _opened(view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Elsewhere as other:
            return redirect(other.path)
        except WrongLink:
            return wrong_link(request)
        except LinkExpired as over:
            response = (_renewable(over) if over.renew_url else _gone()).page(request, status=410)
            response["Cache-Control"] = "no-store"
            return response

    return opened


def only_posts(back: str) -> Callable[[View], View]:
    """For a view that takes POSTs. A GET leads to the page with its button, the one named ``back``.

    So a reload, a copied address or the way back after a login is no dead end.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in {"GET", "HEAD"}:
                return redirect(f"volunteers:{back}", kwargs["token"])
            return require_POST(view)(request, *args, **kwargs)

        return posted

    return decorate


def wrong_link(request: HttpRequest) -> HttpResponseBase:
    response = Outcome(
        title=_("Dieser Link stimmt nicht"),
        text=_(
            "Vielleicht fehlt am Ende etwas: Manche Mailprogramme brechen lange Links um. Öffnen Sie ihn "
            "am besten noch einmal direkt aus der Mail, oder lassen Sie sich Ihren Link neu schicken."
        ),
        links=[
            Link(_("Link neu schicken lassen"), reverse("volunteers:my_page")),
            Link(_("Angebote ansehen"), reverse("portal:catalogue"), is_strong=False),
        ],
    ).page(request, status=404)
    response["Cache-Control"] = "no-store"
    return response


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
        links=[Link(_("Angebote ansehen"), reverse("portal:catalogue")), other_ways_in()],
    )
