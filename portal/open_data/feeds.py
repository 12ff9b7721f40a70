"""Atom feeds (RFC 4287) of new offers and new events."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.languages.addresses import GERMAN
from programs.models import Entry, Event
from volunteers.models.reading import tag_of

MOST = 50
"""Entries of a feed, the newest first."""
ATOM = "application/atom+xml; charset=utf-8"
ICAL = "text/calendar; charset=utf-8"


def atom(things: Iterable[Entry | Event], *, title: str, page: str, feed: str) -> HttpResponse:
    """``page`` and ``feed`` are paths. The id of an entry is its short address, which outlives its title."""
    site = settings.SITE_URL
    shown = Atom1Feed(
        title=title,
        link=site + page,
        description="",
        feed_url=site + feed,
        feed_guid=site + feed,
        language=tag_of(get_language() or GERMAN),
        author_name=_("Landeshauptstadt Stuttgart"),
    )
    for one in things:
        kind = "short_event" if isinstance(one, Event) else "short_entry"
        shown.add_item(
            one.said("title"),
            site + one.get_absolute_url(),
            one.said("summary") or one.said("title"),
            unique_id=site + reverse(f"portal:{kind}", args=[one.pk]),
            pubdate=one.created_at,
            updateddate=one.updated_at,
        )
    return HttpResponse(shown.writeString("utf-8"), content_type=ATOM)
