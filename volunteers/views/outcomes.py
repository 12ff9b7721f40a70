"""The page that tells a result in one or two sentences, with links to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.models import Entry, Event
from programs.unsent import unsent

from ..reads.persons import Person


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_strong: bool = True
    """Whether most people want to do this next."""


def about(record: Entry | Event) -> Link:
    """The title, which leads to the public page while there is one."""
    return Link(record.said("title"), record.get_absolute_url() if record.is_published else "")


def other_ways_in() -> Link:
    """For whoever has lost the right link: the door of „Meine Seite“ mails it."""
    return Link(_("Meine Seite öffnen"), reverse("volunteers:my_page"), is_strong=False)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The parts of the page, from top to bottom."""

    title: str
    heading: str = ""
    """A longer title on the page itself, when the one for the browser tab is too short."""
    about: Link | None = None
    """The record that the page is about, shown above the heading; without a URL, its title only."""
    text: str
    address: str = ""
    """Where a mail went, as it was typed."""
    change: Link | None = None
    """Where to correct the address."""
    more: str = ""
    points: Sequence[str] = ()
    is_mailed: bool = False
    """Whether a mail was sent; the demo then links to its mailbox."""
    button: Link | None = None
    """A button that sends a POST."""
    links: Sequence[Link] = ()
    aside: Link | None = None

    def page(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """With what the person wrote, where a form came to nothing (``status``): to copy it."""
        lost = unsent(request) if status >= HTTPStatus.BAD_REQUEST else None
        context = {"outcome": self, "texts": lost.texts if lost else []}
        return render(request, "volunteers/outcome.html", context, status=status)


def choice(title: str, people: Sequence[Person], paths: Sequence[str]) -> Outcome:
    """The question whose page it is, where several people share the mailbox of a login."""
    return Outcome(
        title=title,
        heading=_("Um wen geht es?"),
        text=_(
            "Unter dieser E-Mail-Adresse steht mehr als ein Name. Jeder Name hat eine eigene Seite; was "
            "auf der einen geschieht, ändert auf der anderen nichts."
        ),
        links=[
            Link(one.name or _("Ohne Namen"), path) for one, path in zip(people, paths, strict=True)
        ],
    )
