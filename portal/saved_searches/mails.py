"""The mails about saved searches."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from programs import vocabulary
from programs.models import Entry
from programs.models.choices import listed
from volunteers.notifications.blocks import LONGEST_LABEL
from volunteers.notifications.in_german import marked
from volunteers.notifications.sending import send
from volunteers.notifications.speaking import to_person
from volunteers.periods import days

from . import links
from .models import SavedSearch

MOST = 15
"""So many entries stand in a mail; the catalogue has all of them."""
ROOM = 3
"""For what a label has besides the title: a colon, and the marks of what stays German."""


@to_person()
def ask_for_confirmation(search: SavedSearch) -> None:
    """To an address that anybody may have typed: nothing of the search stands in it."""
    send(
        search.email,
        _("Bitte bestätigen: neue Angebote per Mail"),
        "saved_searches/confirm",
        unasked=True,
        url=links.confirm_url(search),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_there(search: SavedSearch) -> None:
    send(
        search.email,
        _("Sie bekommen diese Suche schon per Mail"),
        "saved_searches/known",
        unasked=True,
        url=links.page_url(search),
    )


@to_person()
def too_many(search: SavedSearch) -> None:
    """``search`` is one of those that the address has."""
    send(
        search.email,
        _("Mehr Suchen per Mail gehen nicht"),
        "saved_searches/too_many",
        unasked=True,
        url=links.page_url(search),
    )


@to_person()
def new_offers(search: SavedSearch, entries: Sequence[Entry]) -> None:
    """``entries``: all that is new, the newest first; with their organisations."""
    wanted = search.wanted
    send(
        search.email,
        _("Neu für Ihre Suche"),
        "saved_searches/new",
        offer=wanted.title,
        why=_why(),
        leave_url=links.leave_url(search),
        title=wanted.title,
        number=len(entries),
        offers=[_offer(entry) for entry in entries[:MOST]],
        more=max(0, len(entries) - MOST),
        catalogue_url=wanted.url,
        page_url=links.page_url(search),
    )


def _offer(entry: Entry) -> dict[str, str]:
    words, title = vocabulary.words_of(entry), entry.said("title")
    label = Truncator(" ".join(title.split())).chars(LONGEST_LABEL - ROOM)
    where = [_("Ganze Stadt")] if words.whole_city else [one.label for one in words.districts]
    who = marked(entry.organisation.title) if entry.organisation else ""
    return {
        "label": marked(label) if title.is_german else label,
        "url": f"{settings.SITE_URL}{entry.get_absolute_url()}",
        "facts": " · ".join(filter(None, [who, listed(where)])),
    }


@to_person()
def no_longer_possible(search: SavedSearch) -> None:
    """The last mail of a search of which a part does not exist any more."""
    send(
        search.email,
        _("Ihre Suche per Mail ist zu Ende"),
        "saved_searches/over",
        why=_why(),
        catalogue_url=search.wanted.url,
    )


def _why() -> str:
    return _("Sie bekommen diese Mail, weil Sie neue Angebote zu einer Suche bestellt haben.")
