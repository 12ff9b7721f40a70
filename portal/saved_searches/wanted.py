"""The filter of a saved search as data: the query string of the catalogue, in the form that the catalogue gives it.

It is read by the catalogue's own filter, each time anew, so it holds nothing but what that filter knows.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.catalogue import CatalogueFilter
from programs.models.choices import listed
from volunteers.validators import BIDI_CONTROLS

LONGEST = 1500
"""Characters of a filter; the longest that somebody has ticked together is a third of it."""
NEEDS = {"umkreis": "bezirk", "wort": "q"}
"""Parameters that say nothing without another one."""
_NO_BIDI = dict.fromkeys(map(ord, BIDI_CONTROLS))


def filter_of(query: str) -> CatalogueFilter:
    """In the words of the active language."""
    found = CatalogueFilter(data=QueryDict(query))
    found.is_valid()
    return found


def kept_query(asked: str) -> str:
    """What of ``asked``, the query string of the page, is kept: all that leaves entries out, without their order.

    „In der Nähe von …“ only orders the page. In a mail it means that district and those next to it.
    """
    found = filter_of(asked)
    pairs = [(name, value.translate(_NO_BIDI)) for name, value, _label in found.parameters]
    pairs = [pair for pair in pairs if pair[0] not in {"sortierung", "ort"} and pair[1]]
    names = {name for name, _value in pairs}
    if found.answer.place and "bezirk" not in names:
        near = {f"district:{number}" for number in found.answer.place.numbers}
        pairs += [("bezirk", word.value) for word in found.words("bezirk") if word.token in near]
        pairs.append(("umkreis", "1"))
        names |= {"bezirk", "umkreis"}
    left = [(name, value) for name, value in pairs if NEEDS.get(name, name) in names]
    return filter_of(urlencode(left)).unsorted_query


@dataclass(frozen=True)
class Wanted:
    """A kept filter; what it says and finds now, in the active language."""

    query: str

    @cached_property
    def found(self) -> CatalogueFilter:
        return filter_of(self.query)

    @property
    def words(self) -> list[str]:
        """Each part of the filter; none for everything."""
        return [chip.label for chip in self.found.chips]

    @property
    def title(self) -> str:
        """The filter in one line."""
        return listed(self.words) or _("alle Angebote")

    @property
    def path(self) -> str:
        """The page of the catalogue, the newest first."""
        return f"{reverse('portal:catalogue')}?{'&'.join(filter(None, (self.query, 'sortierung=neu')))}"

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"

    @property
    def is_whole(self) -> bool:
        """Whether each kind of choice still has a value that the catalogue knows.

        Else the search would find more than was asked for, as after the only district of it is gone.
        """
        kept = {name for name, _value in parse_qsl(self.query)}
        return kept <= {name for name, _value, _label in self.found.parameters}

    def keys(self) -> set[int]:
        """The entries that match now. What answers a question only in part is on the page, and not in a mail."""
        if not self.is_whole:
            return set()
        keys, search = set(self.found.keys), self.found.search
        if search is None:
            return keys
        if search.unknown:
            return set()
        return keys - {hit.key for hit in search.hits if hit.is_partial}
