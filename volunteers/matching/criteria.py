"""What speaks for a pair: small named criteria, each with points and a text.

The weights are in ``rules``, with their reasons. They only decide the order of the suggestions; hard
conditions are in ``conditions``.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from programs.models import DayPart, Language, Weekday
from programs.models.choices import labels

from .profiles import Helper, People, Seeker, Seekers, common
from .rules import FIELDS_AT_MOST, SLOTS_AT_MOST, STANDARD, Rules

Points = NDArray[np.int16]
"""One row for each request, one column for each volunteer."""

GERMAN = Language.GERMAN.value


class Said(NamedTuple):
    """What one criterion says about one pair; either ``reason`` or ``against`` may be empty."""

    points: int
    reason: str = ""
    against: str = ""


class Criterion(Protocol):
    def points(self, seekers: Seekers, helpers: People, rules: Rules) -> Points: ...

    def words(self, seeker: Seeker, helper: Helper, names: "PlaceNames", rules: Rules) -> Said: ...


class PlaceNames(NamedTuple):
    """Names of districts and fields for the texts."""

    districts: dict[str, str]
    fields: dict[int, str]


class SharedLanguage:
    def points(self, seekers: Seekers, helpers: People, rules: Rules) -> Points:
        shared = common(seekers.languages, helpers.languages)
        german = common(seekers.german, helpers.german)
        only_german = np.where(german > 0, rules.german_only, 0)
        return np.where(shared > german, rules.language, only_german).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames, rules: Rules) -> Said:
        shared = seeker.languages & helper.languages
        if not shared:
            asked = _("keine gemeinsame Sprache"), _("Sprachen noch nicht gefragt")
            return Said(0, against=asked[not helper.more_asked])
        points = rules.language if shared - {GERMAN} else rules.german_only
        listed = labels(Language, sorted(shared - {GERMAN})) + labels(Language, shared & {GERMAN})
        return Said(points, _("spricht %(languages)s") % {"languages": _listed(listed)})


class NearBy:
    def points(self, seekers: Seekers, helpers: People, rules: Rules) -> Points:
        same = common(seekers.districts, helpers.districts) > 0
        near = common(seekers.near, helpers.districts) > 0
        points = np.where(near, rules.next_district, 0)
        return np.where(same, rules.same_district, points).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames, rules: Rules) -> Said:
        if seeker.districts & helper.districts:
            return Said(rules.same_district, _("gleicher Stadtbezirk"))
        if near := seeker.near & helper.districts:
            listed = _listed(sorted(names.districts.get(number, "") for number in near))
            return Said(rules.next_district, _("Nachbarbezirk: %(name)s") % {"name": listed})
        if not seeker.districts or not helper.districts:
            return Said(0, against=_("kein Stadtbezirk genannt"))
        listed = _listed(sorted(names.districts.get(number, "") for number in helper.districts))
        return Said(0, against=_("anderer Teil der Stadt: %(name)s") % {"name": listed})


class SharedFields:
    def points(self, seekers: Seekers, helpers: People, rules: Rules) -> Points:
        shared = common(seekers.fields, helpers.fields)
        return (np.minimum(shared, FIELDS_AT_MOST) * rules.field).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames, rules: Rules) -> Said:
        shared = seeker.fields & helper.fields
        if not shared:
            named = _("kein gemeinsames Thema genannt") if seeker.fields else ""
            return Said(0, against=named)
        listed = _listed(sorted(names.fields.get(number, "") for number in shared))
        points = min(len(shared), FIELDS_AT_MOST) * rules.field
        return Said(points, _("hilft bei: %(fields)s") % {"fields": listed})


class SharedTimes:
    def points(self, seekers: Seekers, helpers: People, rules: Rules) -> Points:
        shared = common(seekers.slots, helpers.slots)
        return (np.minimum(shared, SLOTS_AT_MOST) * rules.slot).astype(np.int16)

    def words(self, seeker: Seeker, helper: Helper, names: PlaceNames, rules: Rules) -> Said:
        days, parts = seeker.days & helper.days, seeker.parts & helper.parts
        if not days or not parts:
            return Said(0, against=_("keine gemeinsame Zeit genannt"))
        points = min(len(days) * len(parts), SLOTS_AT_MOST) * rules.slot
        listed = []
        if len(days) < len(Weekday):
            listed.append(_listed([f"{day.lower()}s" for day in labels(Weekday, days)]))
        if len(parts) < len(DayPart):
            listed.append(_listed(labels(DayPart, parts)))
        return Said(
            points, _("beide %(times)s") % {"times": " ".join(listed) or _("an allen Tagen")}
        )


CRITERIA: tuple[Criterion, ...] = (SharedLanguage(), NearBy(), SharedFields(), SharedTimes())


class Waiting:
    """How long somebody has waited; it counts for pairs for which something else speaks, too."""

    def points(self, seekers: Seekers, rules: Rules) -> Points:
        weeks = [min(one.waited // 7, rules.waiting_weeks) for one in seekers.profiles]
        return np.array(weeks, dtype=np.int16)[:, None] * np.int16(rules.waiting)

    def words(self, seeker: Seeker, rules: Rules) -> Said:
        points = min(seeker.waited // 7, rules.waiting_weeks) * rules.waiting
        weeks = seeker.waited // 7
        text = ngettext("wartet seit einer Woche", "wartet seit %(weeks)d Wochen", weeks)
        return Said(points, text % {"weeks": weeks} if points else "")


WAITING = Waiting()


def total(seekers: Seekers, helpers: People, rules: Rules) -> Points:
    """The points of every pair."""
    none = np.zeros((len(seekers), len(helpers)), dtype=np.int16)
    fit = sum((criterion.points(seekers, helpers, rules) for criterion in CRITERIA), start=none)
    return (fit + np.where(fit > 0, WAITING.points(seekers, rules), 0)).astype(np.int16)


def said(seeker: Seeker, helper: Helper, names: PlaceNames, rules: Rules = STANDARD) -> list[Said]:
    """What every criterion says about one pair."""
    found = [criterion.words(seeker, helper, names, rules) for criterion in CRITERIA]
    waiting = WAITING.words(seeker, rules)
    fits = any(one.points for one in found)
    return [*found, waiting] if fits and waiting.points else found


def _listed(words: Iterable[str]) -> str:
    """„Arabisch, Englisch und Deutsch“."""
    *others, last = words
    return (
        _("%(others)s und %(last)s") % {"others": ", ".join(others), "last": last}
        if others
        else last
    )
