"""The pictures that are kept: the job that draws them, and the address of one."""

import logging
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs import versions
from programs.models import Event
from programs.read_once import read_once

from .drawing import DEFAULT, draw
from .models import SharePicture
from .shown import Shareable, Shown, entries, events, shown_by

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Pictures that one run of the job draws; about 20 seconds."""


class Picture(NamedTuple):
    """For the head of a page: the absolute address of a picture, and its text."""

    url: str
    alt: str


def keep() -> int:
    """Draw what is missing and delete what nothing shows any longer; returns how many were drawn.

    One transaction stores everything, so that public pages are made anew once, not for each picture.
    """
    with versions.one_version():
        wanted = {shown.digest: shown for shown in _all_shown()}
    known = set(SharePicture.objects.values_list("pk", flat=True))
    missing = ((digest, shown) for digest, shown in wanted.items() if digest not in known)
    drawn = [*_drawn(islice(missing, AT_ONCE))]
    with transaction.atomic():
        SharePicture.objects.bulk_create(drawn, ignore_conflicts=True)
        SharePicture.objects.filter(pk__in=known - wanted.keys()).delete()
    return len(drawn)


def _all_shown() -> Iterator[Shown]:
    """Of all entries, and of events until they are over: those would become more and more."""
    yield from map(shown_by, entries().iterator())
    yield from map(shown_by, events().filter(ends_at__gte=timezone.now()).iterator())


def _drawn(missing: Iterator[tuple[str, Shown]]) -> Iterator[SharePicture]:
    """The pictures that could be drawn; one that could not is logged, and tried again by the next run."""
    for digest, shown in missing:
        try:
            yield SharePicture(digest=digest, png=draw(shown))
        except Exception:
            logger.exception("Picture %s could not be drawn", digest)


def picture_of(thing: Shareable | None) -> Picture:
    """The picture of ``thing`` if the job has drawn it, else the one of the whole portal; at most one query."""
    if thing is not None:
        key = ("picture", type(thing), thing.pk, get_language())
        if picture := read_once(key, lambda: _drawn_of(thing)):
            return picture
    return _of_the_portal(get_language(), settings.SITE_URL)


@cache
def _of_the_portal(language: str | None, site: str) -> Picture:
    """``language`` must be the active one."""
    alt = _("Freiwilligenportal Stuttgart: die 23 Stadtbezirke als Karte")
    return Picture(site + static(DEFAULT), alt)


def _drawn_of(thing: Shareable) -> Picture | None:
    shown = shown_by(thing)
    if not SharePicture.objects.filter(pk=shown.digest).exists():
        return None
    return Picture(settings.SITE_URL + path_of(thing, shown), shown.in_words)


def path_of(thing: Shareable, shown: Shown) -> str:
    """The path of a picture that is drawn."""
    of = "event" if isinstance(thing, Event) else "entry"
    return reverse(f"portal:{of}_picture", args=[thing.slug, shown.digest])
