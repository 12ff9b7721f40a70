"""Ways to pass a page on: plain links, which tell nobody anything before somebody follows them."""

from typing import NamedTuple
from urllib.parse import quote

from django.utils.translation import gettext as _

from volunteers.models.reading import tag_of
from volunteers.papers import line

from .poster import poster_path, second_languages, short_address
from .shown import Shareable


class Ways(NamedTuple):
    """The short address of a page, and links that send it. ``poster`` is empty where there is none.

    ``beside``: the languages of a poster in two, as code, language tag and name.
    """

    address: str
    whatsapp: str
    mail: str
    poster: str
    beside: list[tuple[str, str, str]]


def ways_of(thing: Shareable) -> Ways:
    address = short_address(thing)
    title = line(thing.title)
    subject = _("Mitmachen in Stuttgart: %(title)s") % {"title": title}
    found = _("Das habe ich im Freiwilligenportal Stuttgart gefunden:")
    about = [title, line(thing.summary)] if thing.summary else [title]
    chat = f"{title}\n{found}\n{address}"
    letter = "\r\n".join([_("Guten Tag,"), "", found, "", *about, address])
    return Ways(
        address=address,
        whatsapp=f"https://wa.me/?text={_encoded(chat)}",
        mail=f"mailto:?subject={_encoded(subject)}&body={_encoded(letter)}",
        poster=poster_path(thing),
        beside=[(code, tag_of(code), name) for code, name in second_languages()],
    )


def _encoded(text: str) -> str:
    """For a value in a query: each letter besides a–z and digits is encoded, so no title ends it early."""
    return quote(text, safe="")
