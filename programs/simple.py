"""Simple German: a language of its own, and what its pages say about who has checked the texts.

A text is called „Leichte Sprache“ only when readers with learning difficulties have checked it (DIN SPEC 33429).
Until then the language is called „Einfache Sprache“. The sentences here exist in this language only.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.conf import settings
from django.utils.formats import date_format

from .models.translated import Checked

LANGUAGE = "leichte-sprache"
INTERFACE = "Knöpfe und Überschriften"

NOT_CHECKED = (
    "Dieser Text ist in Einfacher Sprache.",
    "Menschen mit Lern-Schwierigkeiten haben ihn noch nicht geprüft.",
)
OTHERS_NOT_CHECKED = (
    "Die anderen Texte sind in Einfacher Sprache.",
    "Menschen mit Lern-Schwierigkeiten haben sie noch nicht geprüft.",
)


def interface_check() -> Checked | None:
    """Who has checked the catalogue of the interface, and when: ``settings.SIMPLE_LANGUAGE_CHECKED``."""
    found = settings.SIMPLE_LANGUAGE_CHECKED
    return Checked(*found) if found else None


def sentences(shown: Mapping[Checked | None, Iterable[str]]) -> Iterator[str]:
    """For the note above a page. ``shown``: the names of its texts by who has checked them.

    A page of which we know no text of a record (a list) makes no claim for what it lists.
    """
    checked = {check: [*names] for check, names in shown.items() if check}
    interface = interface_check()
    if interface:
        checked.setdefault(interface, []).append(INTERFACE)
    for check, names in checked.items():
        day = date_format(date.fromisoformat(check.on))
        yield f"Leichte Sprache, geprüft von {check.by} am {day}: {', '.join(names)}."
    if not interface or not shown or None in shown:
        yield from OTHERS_NOT_CHECKED if checked else NOT_CHECKED
