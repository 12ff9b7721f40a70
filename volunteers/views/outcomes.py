"""The page that says how something came out, in a sentence or two, and where to go on from there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..links.signing import LinkExpired


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_strong: bool = True
    """Whether it is what most people want to do next."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the page says, from top to bottom."""

    title: str
    heading: str = ""
    """The title of the page in more words, where the browser's tab has no room for them."""
    about: Link | None = None
    """The record that it is about, above the heading."""
    text: str
    more: str = ""
    points: Sequence[str] = ()
    is_mailed: bool = False
    """Whether a mail is under way; the demo then leads to its mailbox."""
    button: Link | None = None
    """Something to do at once, by POST."""
    links: Sequence[Link] = ()
    aside: Link | None = None

    def page(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        return render(request, "volunteers/outcome.html", {"outcome": self}, status=status)


def or_over(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose ``LinkExpired`` becomes a page that says so (410)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except LinkExpired as over:
            response = (_renewable(over) if over.renew_url else _gone()).page(request, status=410)
            response["Cache-Control"] = "no-store"
            return response

    return answered


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
