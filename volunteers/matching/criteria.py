"""What speaks for a pair: small named criteria, each with points and a text.

The weights are in one table with their reasons. They only decide the order of the suggestions; hard
conditions are in ``conditions``.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from programs.models import DayPart, Language, Weekday
from programs.models.choices import labels

from .profiles import Helper, People, Seeker, Seekers, common

Points = NDArray[np.int16]
"""One row for each request, one column for each volunteer."""

GERMAN = Language.GERMAN.value


class Weights:
    """The points for each criterion, and why."""

    LANGUAGE = 40
    """Without a common language there is no conversation; the newcomer's own one helps most at first."""
    GERMAN_ONLY = 24
    """German alone allows a conversation, too, and many want to practise it."""
    SAME_DISTRICT = 20
    """Short ways keep a tandem going; most pairs meet near home."""
    NEXT_DISTRICT = 12
    """A neighbouring district is a few stops away."""
    FIELD, FIELDS_AT_MOST = 6, 3
    """For each thing that one needs and the other likes to do; after three it is a good match anyway."""
    SLOT, SLOTS_AT_MOST = 4, 4
    """For each common time of the week; times can be agreed on, so they count least."""


class Said(NamedTuple):
    """What one criterion says about one pair; either ``reason`` or ``against`` may be empty."""

    points: int
    reason: str = ""
    against: str = ""


class Criterion(Protocol):
    def points(self, seekers: Seekers, helpers: People) -> Points: ...

    def words(self, seeker: Seeker, helper: Helper, names: "PlaceNames") -> Said: ...


class PlaceNames(NamedTuple):
    """Names of districts and fields for the texts."""

    districts: dict[str, str]
    fields: dict[int, str]


class SharedLanguage:
    def points(self, seekers: Seekers, helpers: People) -> Points:
        shared = common(seekers.languages, helpers.languages)
        german = common(seekers.german, helpers.german)
        only_german = np.where(german > 0, Weights.GERMAN_ONLY, 0)
        return np.where(shared > german, Weights.LANGUAGE, only_german).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames) -> Said:
        shared = seeker.languages & helper.languages
        if not shared:
            asked = _("keine gemeinsame Sprache"), _("Sprachen noch nicht gefragt")
            return Said(0, against=asked[not helper.more_asked])
        points = Weights.LANGUAGE if shared - {GERMAN} else Weights.GERMAN_ONLY
        listed = labels(Language, sorted(shared - {GERMAN})) + labels(Language, shared & {GERMAN})
        return Said(points, _("spricht %(languages)s") % {"languages": _listed(listed)})


class NearBy:
    def points(self, seekers: Seekers, helpers: People) -> Points:
        same = common(seekers.districts, helpers.districts) > 0
        near = common(seekers.near, helpers.districts) > 0
        points = np.where(near, Weights.NEXT_DISTRICT, 0)
        return np.where(same, Weights.SAME_DISTRICT, points).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames) -> Said:
        if seeker.districts & helper.districts:
            return Said(Weights.SAME_DISTRICT, _("gleicher Stadtbezirk"))
        if near := seeker.near & helper.districts:
            listed = _listed(sorted(names.districts.get(number, "") for number in near))
            return Said(Weights.NEXT_DISTRICT, _("Nachbarbezirk: %(name)s") % {"name": listed})
        if not seeker.districts or not helper.districts:
            return Said(0, against=_("kein Stadtbezirk genannt"))
        listed = _listed(sorted(names.districts.get(number, "") for number in helper.districts))
        return Said(0, against=_("anderer Teil der Stadt: %(name)s") % {"name": listed})


class SharedFields:
    def points(self, seekers: Seekers, helpers: People) -> Points:
        shared = common(seekers.fields, helpers.fields)
        return (np.minimum(shared, Weights.FIELDS_AT_MOST) * Weights.FIELD).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames) -> Said:
        shared = seeker.fields & helper.fields
        if not shared:
            named = _("kein gemeinsames Thema genannt") if seeker.fields else ""
            return Said(0, against=named)
        listed = _listed(sorted(names.fields.get(number, "") for number in shared))
        points = min(len(shared), Weights.FIELDS_AT_MOST) * Weights.FIELD
        return Said(points, _("hilft bei: %(fields)s") % {"fields": listed})


class SharedTimes:
    def points(self, seekers: Seekers, helpers: People) -> Points:
        shared = common(seekers.slots, helpers.slots)
        return (np.minimum(shared, Weights.SLOTS_AT_MOST) * Weights.SLOT).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames) -> Said:
        days, parts = seeker.days & helper.days, seeker.parts & helper.parts
        if not days or not parts:
            return Said(0, against=_("keine gemeinsame Zeit genannt"))
        points = min(len(days) * len(parts), Weights.SLOTS_AT_MOST) * Weights.SLOT
        listed = []
        if len(days) < len(Weekday):
            listed.append(_listed([f"{day.lower()}s" for day in labels(Weekday, days)]))
        if len(parts) < len(DayPart):
            listed.append(_listed(labels(DayPart, parts)))
        return Said(
            points, _("beide %(times)s") % {"times": " ".join(listed) or _("an allen Tagen")}
        )


CRITERIA: tuple[Criterion, ...] = (SharedLanguage(), NearBy(), SharedFields(), SharedTimes())


def total(seekers: Seekers, helpers: People) -> Points:
    """The points of every pair."""
    none = np.zeros((len(seekers), len(helpers)), dtype=np.int16)
    return sum((criterion.points(seekers, helpers) for criterion in CRITERIA), start=none)


def said(seeker: Seeker, helper: Helper, names: PlaceNames) -> list[Said]:
    """What every criterion says about one pair."""
    return [criterion.words(seeker, helper, names) for criterion in CRITERIA]


def _listed(words: Iterable[str]) -> str:
    """„Arabisch, Englisch und Deutsch“."""
    *others, last = words
    return (
        _("%(others)s und %(last)s") % {"others": ", ".join(others), "last": last}
        if others
        else last
    )
