"""What the picture of an entry or an event shows."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.map import load_cells
from programs.models import Entry, EntryQuerySet, Event, EventQuerySet
from programs.models.choices import listed
from programs.vocabulary import words_of
from volunteers.papers import line

TEMPLATE = Path(__file__).with_name("picture.typ")
TEMPLATE_DIGEST = hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()
MOST_NAMED = 3
"""More districts than these are counted, not named."""

Shareable = Entry | Event


class Shown(NamedTuple):
    """The words on a picture, each on one line, and the numbers of the districts that stand out."""

    kind: str
    title: str
    where: str
    districts: tuple[str, ...]
    when: str = ""

    @property
    def digest(self) -> str:
        """Changes with everything that the picture shows, and with the template."""
        return hashlib.sha256(f"{TEMPLATE_DIGEST}{self!r}".encode()).hexdigest()[:16]

    @property
    def in_words(self) -> str:
        """A text for who cannot see the picture."""
        parts = (self.title, self.kind, self.when, self.where, _("Karte der Stadtbezirke"))
        return listed(part for part in parts if part)


def entries() -> EntryQuerySet:
    """Entries that have a picture, with the columns that it needs."""
    found = Entry.objects.published().annotate(area=F("organisation_entry__area"))
    return found.only("kind", "title", "slug", "facets", "located_at")


def events() -> EventQuerySet:
    """Events that have a picture, with the columns that it needs."""
    found = Event.objects.published().select_related("district")
    columns = ("kind", "title", "slug", "starts_at", "place", "is_cancelled")
    return found.only(*columns, "district__number", "district__short_name")


def shown_by(thing: Shareable) -> Shown:
    """What the picture of ``thing`` shows now; no query, if ``thing`` comes from one of the querysets here."""
    return _by_event(thing) if isinstance(thing, Event) else _by_entry(thing)


def _by_entry(entry: Entry) -> Shown:
    words = words_of(entry)
    area = getattr(entry, "area", "")
    numbers = tuple(word.token.partition(":")[2] for word in words.districts)
    where = in_districts([word.label for word in words.districts])
    if len(numbers) > MOST_NAMED:
        where = _("in %(count)d Stadtbezirken") % {"count": len(numbers)}
    elif words.whole_city and not area:
        numbers = tuple(cell.number for cell in load_cells())
        where = _("in der ganzen Stadt")
    where = listed(filter(None, (entry.located_at, where))) or area
    return Shown(str(Entry.Kind(entry.kind).label), line(entry.title), line(where), numbers)


def _by_event(event: Event) -> Shown:
    day = date_format(timezone.localtime(event.starts_at), _("l, j. F Y, H:i"))
    kind = event.get_kind_display()
    return Shown(
        kind=": ".join([kind, _("abgesagt")]) if event.is_cancelled else kind,
        title=line(event.title),
        where=line(in_districts([event.district.short_name]) if event.district else event.place),
        districts=(event.district.number,) if event.district else (),
        when=_("%(day)s Uhr") % {"day": day},
    )


def in_districts(names: Sequence[str]) -> str:
    """„Stadtbezirk Süd“: elsewhere „Süd“ alone would say nothing."""
    text = ngettext("Stadtbezirk %(names)s", "Stadtbezirke %(names)s", len(names))
    return text % {"names": listed(names)} if names else ""
