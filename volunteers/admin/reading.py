"""Beside a field for a text that somebody reads in a mail: which sentences around it are in their own language."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from ..models.reading import known_language
from ..notifications.blocks import Kind, blocks_of
from ..notifications.speaking import speaking

NAMES = {
    "Application": "application",
    "Registration": "registration",
    "CounsellingRequest": "asked",
}
"""Model → name of its record in the templates of mails."""


class Note(NamedTuple):
    languages: str
    """„Ukrainisch“, or „Arabisch (2), Ukrainisch“ of several people."""
    people: int
    of: int
    sentences: list[str]


def note_about(people: Sequence[Any], template: str) -> Note | None:
    """What they read in their own language of the mail ``template``; None if all read German."""
    foreign = [
        one for one in people if known_language(one.preferred_language) != settings.LANGUAGE_CODE
    ]
    if not foreign:
        return None
    count = Counter(str(one.get_preferred_language_display()) for one in foreign)
    languages = ", ".join(name if n == 1 else f"{name} ({n})" for name, n in sorted(count.items()))
    return Note(languages, len(foreign), len(people), list(_sentences(foreign[0], template)))


def _sentences(record: Any, template: str) -> Iterator[str]:
    name = NAMES[type(record).__name__]
    event = getattr(record, "event", None)
    context = {
        name: record,
        "wish": getattr(record, "wish", ""),
        "event": event,
        "title": event.title if event else "",
        "by_staff": True,
    }
    with speaking(settings.LANGUAGE_CODE):
        text = render_to_string(f"mail/{template}.txt", context)
    for block in blocks_of(text):
        if block.kind in {Kind.TEXT, Kind.TITLE}:
            yield " ".join(block.lines)
