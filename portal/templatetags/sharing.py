"""What pages say about sharing them. ``thing`` is the entry or event of a page, empty where there is none."""

from django import template

from portal.sharing.keeping import Picture, picture_of
from portal.sharing.links import Ways, ways_of
from portal.sharing.poster import poster_path as path_of
from portal.sharing.poster import second_languages
from portal.sharing.shown import Shareable

register = template.Library()


@register.simple_tag
def share_picture(thing: Shareable | str) -> Picture:
    """The picture of an entry or an event; of a page without one, the picture of the whole portal."""
    return picture_of(None if isinstance(thing, str) else thing)


@register.simple_tag
def share_ways(thing: Shareable) -> Ways:
    return ways_of(thing)


@register.simple_tag
def poster_languages() -> list[tuple[str, str]]:
    """Code and name of the languages that may stand on a poster beside German."""
    return list(second_languages())


@register.simple_tag
def poster_path(thing: Shareable) -> str:
    return path_of(thing)
