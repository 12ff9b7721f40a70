"""The page that says how something came out, in a sentence or two, and where to go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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
