"""Places in Stuttgart: districts, their Stadtteile and the postcodes, and which of them somebody means.

The names are in ``portal/data/places.json``, with sources. The districts come from the database.
"""

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from programs import versions
from programs.models import District

from .words import distance, misspelt, words

PLACES = settings.BASE_DIR / "portal" / "data" / "places.json"
LONGEST = 4
"""A place is named by at most this many words."""
MOST_SUGGESTIONS, MOST_CODES = 3, 8
DIGITS = 5
"""of a German postcode."""
MAX_TYPED = 60
"""Maximum length of a place that somebody types, in characters."""
SAYS_NOTHING = frozenset("stuttgart stadtbezirk stadtteil bezirk in der die plz d s".split())

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS84)."""


class Place(NamedTuple):
    """A named part of the city. ``numbers``: the districts in which it lies."""

    name: str
    """As people type it."""
    label: str
    """The same with its district."""
    numbers: tuple[str, ...]
    middle: Point | None
    """None for a Stadtteil, of which no middle is known."""


@dataclass
class Atlas:
    """All places of the city. ``names``: folded words, joined with spaces → place."""

    districts: dict[str, District]
    neighbours: dict[str, set[str]]
    names: dict[str, Place]


@dataclass
class Answer:
    """What somebody means who types a place: the place, or a sentence why there is none."""

    place: Place | None = None
    sentence: str = ""
    suggestions: list[Place] = field(default_factory=list)


@cache
def places() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PLACES.read_text("utf-8"))
    return found


_kept: list[tuple[str | None, Atlas]] = []


def atlas() -> Atlas:
    """The places for the districts as they are committed now; two queries for each version."""
    version = versions.current()
    if version is not None and _kept and _kept[0][0] == version:
        return _kept[0][1]
    made = _read()
    _kept[:] = [(version, made)]
    return made


def _read() -> Atlas:
    districts = {one.number: one for one in District.objects.prefetch_related("neighbours")}
    neighbours = {
        number: {near.number for near in one.neighbours.all()} for number, one in districts.items()
    }
    return Atlas(districts, neighbours, _names(districts))


def _names(districts: dict[str, District]) -> dict[str, Place]:
    """Postcodes first, then Stadtteile; a district's own name wins."""
    found: dict[str, Place] = {}
    for code, numbers in places()["postcodes"]["districts"].items():
        there = tuple(number for number in numbers if number in districts)
        inside = ", ".join(districts[number].short_name for number in there)
        latitude, longitude = places()["middles"]["points"][code]
        if there:
            found[code] = Place(code, f"{code} ({inside})", there, (latitude, longitude))
    for number, quarters in places()["quarters"]["districts"].items():
        for quarter in quarters if number in districts else ():
            label = f"{quarter} ({districts[number].short_name})"
            for name in quarter.split("/"):
                found[" ".join(words(name))] = Place(name, label, (number,), None)
    for number, one in districts.items():
        place = Place(one.short_name, one.short_name, (number,), (one.latitude, one.longitude))
        for name in (one.name, one.short_name, one.name.removeprefix("Bad ")):
            found[" ".join(words(name))] = place
    return found


def look_up(typed: str) -> Answer:
    """Which place is meant. Typing errors are answered with suggestions, never guessed silently."""
    if len(typed) > MAX_TYPED:
        return Answer(sentence=_("Das ist zu lang. Eine Postleitzahl oder ein Stadtteil genügt."))
    given = words(_western_digits(typed))
    telling = [word for word in given if word not in SAYS_NOTHING]
    if not telling:
        return Answer(
            sentence=_(
                "Nennen Sie bitte Ihre Postleitzahl, Ihren Stadtteil oder Ihren Stadtbezirk."
            )
        )
    known = atlas().names
    place = _longest(given, known) or _longest(telling, known)
    if place:
        return Answer(place)
    code = next((word for word in telling if word.isdigit()), "")
    return _unknown_code(code, known) if code else _unknown_name(typed, "".join(telling), known)


def _western_digits(text: str) -> str:
    """``text`` with the digits of all scripts written as 0 to 9."""
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)


def _longest(given: list[str], known: dict[str, Place]) -> Place | None:
    for length in range(min(LONGEST, len(given)), 0, -1):
        for at in range(len(given) - length + 1):
            if place := known.get(" ".join(given[at : at + length])):
                return place
    return None


def _unknown_code(code: str, known: dict[str, Place]) -> Answer:
    """Codes that differ by one typing error, the nearest number first."""
    alike = [name for name in known if name.isdigit() and distance(code, name, 1) <= 1]
    whole = int(code.ljust(DIGITS, "0")[:DIGITS])
    alike.sort(key=lambda name: abs(int(name) - whole))
    near = [known[name] for name in alike[:MOST_CODES]]
    if len(code) == DIGITS:
        sentence = _("%(typed)s liegt nicht in Stuttgart.") % {"typed": code}
    else:
        sentence = _("Eine Postleitzahl hat fünf Ziffern, „%(typed)s“ hat %(number)s.") % {
            "typed": code,
            "number": len(code),
        }
    return Answer(sentence=sentence, suggestions=near)


def _unknown_name(typed: str, joined: str, known: dict[str, Place]) -> Answer:
    """Names that begin alike, or differ by a typing error; the most similar first."""
    alike: dict[Place, int] = {}
    for name, place in known.items():
        one = name.replace(" ", "")
        if misspelt(joined, one):
            alike[place] = min(distance(joined, one, 2), alike.get(place, 9))
        elif len(joined) > 2 and one.startswith(joined):
            alike.setdefault(place, 3)
    near = sorted(alike, key=lambda place: (alike[place], place.label))
    sentence = _("„%(typed)s“ kennen wir nicht als Ort in Stuttgart.") % {"typed": typed}
    return Answer(sentence=sentence, suggestions=near[:MOST_SUGGESTIONS])
