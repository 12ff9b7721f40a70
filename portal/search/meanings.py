"""The words that mean a facet: places, languages, days, times, kinds, „ohne Deutsch“.

Places are the districts, their Stadtteile and the postcodes (``portal/data/places.json``, with sources).
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from programs.models import District, Entry, Weekday

from .question import Meaning, named

PLACES = settings.BASE_DIR / "portal" / "data" / "places.json"
PLACE, LANGUAGE, TIME, KIND = 5.0, 4.0, 3.0, 2.5
"""How much a meaning counts, beside words that count from about 1 to 5."""
WHOLE_CITY, NEIGHBOUR = 0.55, 0.35
"""How well an entry for the whole city, or in the next district, answers a question for a place."""

LANGUAGES = {
    "ar": "arabisch arabische arabischer arabic عربي العربية араб арабська арабский عربی arapça",
    "en": "englisch englische english anglais англійська английский إنجليزي انگلیسی ingilizce",
    "uk": "ukrainisch ukrainische ukrainian українська украинский أوكراني اوکراینی ukraynaca",
    "ru": "russisch russische russian русский російська روسي روسی rusça",
    "fa": "persisch persische farsi dari persian فارسی دری فارسي персидский перська farsça",
    "tr": "türkisch türkische turkish türkçe турецкий турецька تركي ترکی",
    "fr": "französisch französische french français",
    "ti": "tigrinya tigrinisch ትግርኛ",
    "ps": "paschtu pashto pastu پښتو",
    "kmr": "kurmandschi kurdisch kurmanji kurdish kurdî",
    "ro": "rumänisch rumänische romanian română",
    "hr": "kroatisch kroatische croatian serbisch bosnisch hrvatski",
    "it": "italienisch italienische italian italiano",
    "el": "griechisch griechische greek ελληνικά",
    "es": "spanisch spanische spanish español",
    "pl": "polnisch polnische polish polski",
    "sq": "albanisch albanische albanian shqip",
    "so": "somali somalisch",
}
"""Language → its names, as people type them."""

DAYS = {
    Weekday.MONDAY: "montag montags monday понеділок понедельник pazartesi",
    Weekday.TUESDAY: "dienstag dienstags tuesday вівторок вторник salı",
    Weekday.WEDNESDAY: "mittwoch mittwochs wednesday середа среда çarşamba",
    Weekday.THURSDAY: "donnerstag donnerstags thursday четвер четверг perşembe",
    Weekday.FRIDAY: "freitag freitags friday пʼятниця пятница cuma",
    Weekday.SATURDAY: "samstag samstags sonnabend saturday субота суббота cumartesi",
    Weekday.SUNDAY: "sonntag sonntags sunday неділя воскресенье pazar",
}
WEEKEND = ("wochenende", "weekend", "вихідні", "выходные", "hafta sonu")
DAYPARTS = {
    "morning": "vormittag vormittags morgens früh morning",
    "afternoon": "nachmittag nachmittags mittags afternoon",
    "evening": "abend abends evening feierabend",
}
WITHOUT_GERMAN = (
    "ohne deutsch",
    "ohne deutschkenntnisse",
    "kein deutsch",
    "keine deutschkenntnisse",
    "wenig deutsch",
    "without german",
    "no german",
)
KINDS = {
    Entry.Kind.ROOM: "willkommensraum willkommensräume begegnungsraum begegnungsräume",
    Entry.Kind.CIRCLE: "freundeskreis freundeskreise flüchtlingskreis",
    Entry.Kind.INITIATIVE: "initiative initiativen",
    Entry.Kind.PROGRAMME: "programm programme mentorenprogramm",
}


@cache
def places() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PLACES.read_text("utf-8"))
    return found


def meanings(labels: dict[str, str]) -> dict[str, Meaning]:
    """All names with their meaning; ``labels``: token → name of the facets, for the chips."""
    found: dict[str, Meaning] = {}
    for code, names in LANGUAGES.items():
        found |= named(names.split(), _one(f"language:{code}", labels, LANGUAGE))
    for day, names in DAYS.items():
        found |= named(names.split(), _one(f"day:{day.value}", labels, TIME))
    weekend = dict.fromkeys((f"day:{Weekday.SATURDAY}", f"day:{Weekday.SUNDAY}"), 1.0)
    found |= named(WEEKEND, Meaning(str(_("Wochenende")), weekend, TIME))
    for part, names in DAYPARTS.items():
        found |= named(names.split(), _one(f"time:{part}", labels, TIME))
    for kind, names in KINDS.items():
        found |= named(names.split(), _one(f"kind:{kind.value}", labels, KIND))
    found |= named(WITHOUT_GERMAN, _one("without-german", labels, LANGUAGE))
    return found | _places(District.objects.prefetch_related("neighbours"))


def _one(token: str, labels: dict[str, str], weight: float) -> Meaning:
    return Meaning(labels.get(token, token), {token: 1.0}, weight)


def _places(districts: Iterable[District]) -> dict[str, Meaning]:
    """Postcodes first, then Stadtteile; a district's own name wins."""
    found: dict[str, Meaning] = {}
    known = {one.number: one for one in districts}
    around = {number: _in_and_around([one]) for number, one in known.items()}
    for code, numbers in places().get("postcodes", {}).get("districts", {}).items():
        there = [known[number] for number in numbers if number in known]
        found |= named([code], Meaning(code, _in_and_around(there), PLACE))
    for number, quarters in places()["quarters"]["districts"].items():
        for quarter in quarters if number in known else ():
            label = f"{quarter} ({known[number].short_name})"
            found |= named(quarter.split("/"), Meaning(label, around[number], PLACE))
    for number, one in known.items():
        names = (one.name, one.short_name, one.name.removeprefix("Bad "))
        found |= named(names, Meaning(one.short_name, around[number], PLACE))
    return found


def _in_and_around(districts: list[District]) -> dict[str, float]:
    tokens = {"district:all": WHOLE_CITY}
    for one in districts:
        tokens |= {f"district:{near.number}": NEIGHBOUR for near in one.neighbours.all()}
    return tokens | {f"district:{one.number}": 1.0 for one in districts}
