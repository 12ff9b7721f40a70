"""The words by which entries are found: as tokens in ``Entry.facets``, in query strings, and as labels."""

from collections.abc import Iterable
from functools import cache as once
from typing import NamedTuple

from django.db.models import CharField, Value
from django.db.models.functions import Cast, LPad
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import versions
from .models import DayPart, District, Entry, Field, Language, TargetGroup, Weekday
from .texts import UNTRANSLATED, in_language, other_language, said_in
from .united import united


class Word(NamedTuple):
    """One value of a facet: in the database (``token``), in URLs (``value``) and on pages (``label``)."""

    token: str
    value: str
    label: str


WHOLE_CITY = "district:all"
"""Token of entries without a district that are at no certain place: they are in the whole city."""
WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
DAYPARTS = {
    DayPart.MORNING: "vormittags",
    DayPart.AFTERNOON: "nachmittags",
    DayPart.EVENING: "abends",
}


@once
def _fixed_words(language: str | None) -> dict[str, list[Word]]:
    """The facets whose words are defined in the code. ``language`` must be the active one."""
    kinds = [
        (Entry.Kind.OPPORTUNITY, "einsatz", _("Einsatzmöglichkeiten")),
        (Entry.Kind.PROGRAMME, "programm", _("Programme")),
        (Entry.Kind.ROOM, "willkommensraum", _("Willkommensräume")),
        (Entry.Kind.CIRCLE, "freundeskreis", _("Freundeskreise")),
        (Entry.Kind.INITIATIVE, "initiative", _("Initiativen")),
    ]
    return {
        "kind": [Word(f"kind:{kind.value}", value, label) for kind, value, label in kinds],
        "language": [Word(f"language:{one.value}", one.value, str(one.label)) for one in Language],
        "day": [Word(f"day:{day.value}", WEEKDAYS[day], str(day.label)) for day in Weekday],
        "time": [
            Word(f"time:{part.value}", value, str(part.label)) for part, value in DAYPARTS.items()
        ],
        "without-german": [Word("without-german", "1", _("ohne Deutschkenntnisse möglich"))],
        "newcomers": [Word("newcomers", "1", _("Mitgestalten, wenn ich neu hier bin"))],
        "for-groups": [Word("for-groups", "1", _("auch für Gruppen"))],
        "whole-city": [Word(WHOLE_CITY, "ganze-stadt", _("Ganze Stadt"))],
    }


def fixed_words() -> dict[str, list[Word]]:
    """Facet → words: kinds, languages, weekdays, times of day, the three flags and „Ganze Stadt“."""
    return _fixed_words(get_language())


@once
def _fixed_labels(language: str | None) -> dict[str, str]:
    return labels(*_fixed_words(language).values())


def fixed_labels() -> dict[str, str]:
    """Token → label, for the facets whose words are defined in the code."""
    return _fixed_labels(get_language())


def words() -> dict[str, list[Word]]:
    """Facet → words, each list in its usual order.

    Facets have the same names as in tokens. ``district`` begins with „Ganze Stadt“. The lists that
    staff edit are kept by their version.
    """
    language = get_language()
    version = versions.current()
    kept = _kept.get(language)
    if version is None or kept is None or kept[0] != version:
        kept = _kept[language] = (version, _read_words())
    return fixed_words() | kept[1]


_kept: dict[str | None, tuple[str | None, dict[str, list[Word]]]] = {}
"""Language → version and words."""


def _read_words() -> dict[str, list[Word]]:
    """Fields, target groups and districts; one query."""
    position = LPad(Cast("position", CharField()), 5, Value("0"))
    language = other_language()
    terms = ("slug", "slug", "name", position, in_language("name", language))
    fields = Field.objects.order_by().values_list(Value("field"), *terms)
    groups = TargetGroup.objects.order_by().values_list(Value("group"), *terms)
    places = District.objects.order_by().values_list(
        Value("district"), "number", "slug", "short_name", "number", UNTRANSLATED
    )
    found: dict[str, list[Word]] = {"field": [], "group": [], "district": []}
    rows = united(fields, groups, places)
    for facet, key, value, name, _order, translation in sorted(
        rows, key=lambda row: (row[4], row[3])
    ):
        label = name if facet == "district" else said_in(language, name, translation)
        found[facet].append(Word(f"{facet}:{key}", value, label))
    found["district"] = fixed_words()["whole-city"] + found["district"]
    return found


def labels(*lists: Iterable[Word]) -> dict[str, str]:
    """Token → label."""
    return {word.token: word.label for words in lists for word in words}


class EntryWords(NamedTuple):
    """The words of one entry, each list in its usual order; ``all_districts``: token → name, for cards.

    ``whole_city`` is false, too, for an entry at one place whose district nobody knows.
    """

    fields: list[Word]
    target_groups: list[Word]
    districts: list[Word]
    all_districts: dict[str, str]
    whole_city: bool


def words_of(entry: Entry) -> EntryWords:
    """The words of ``entry``. ``districts`` is empty if the entry is for the whole city, or nobody knows."""
    found = words()
    own = {
        facet: [word for word in found[facet] if word.token in entry.facets]
        for facet in ("field", "group", "district")
    }
    return EntryWords(
        fields=own["field"],
        target_groups=own["group"],
        districts=[] if WHOLE_CITY in entry.facets else own["district"],
        all_districts=labels(found["district"]),
        whole_city=WHOLE_CITY in entry.facets,
    )


def district_labels() -> dict[str, str]:
    """Token → name of all districts, for cards; see ``portal/cards.py``."""
    return labels(words()["district"])
