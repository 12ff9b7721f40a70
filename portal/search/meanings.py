"""The words that mean a facet: places, languages, days, times, kinds, „ohne Deutsch“.

Places are the districts, their Stadtteile and the postcodes; ``places.py`` has their names.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from programs import vocabulary
from programs.models import Entry, Weekday

from .places import Atlas, atlas
from .question import Meaning, named

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
FOR_GROUPS = (
    "für gruppen",
    "als gruppe",
    "gruppe von",
    "firmenteam",
    "teamtag",
    "social day",
    "schulklasse",
    "schulklassen",
    "mit der klasse",
    "mit kollegen",
)
KINDS = {
    Entry.Kind.ROOM: "willkommensraum willkommensräume begegnungsraum begegnungsräume",
    Entry.Kind.CIRCLE: "freundeskreis freundeskreise flüchtlingskreis",
    Entry.Kind.INITIATIVE: "initiative initiativen",
    Entry.Kind.PROGRAMME: "programm programme mentorenprogramm",
}


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
    found |= named(FOR_GROUPS, _one("for-groups", labels, KIND))
    return found | _places(atlas())


def _one(token: str, labels: dict[str, str], weight: float) -> Meaning:
    return Meaning(labels.get(token, token), {token: 1.0}, weight)


def _places(known: Atlas) -> dict[str, Meaning]:
    return {
        name: Meaning(place.label, _in_and_around(place.numbers, known), PLACE)
        for name, place in known.names.items()
    }


def _in_and_around(numbers: Iterable[str], known: Atlas) -> dict[str, float]:
    tokens = {vocabulary.WHOLE_CITY: WHOLE_CITY}
    for number in numbers:
        tokens |= {f"district:{near}": NEIGHBOUR for near in known.neighbours[number]}
    return tokens | {f"district:{number}": 1.0 for number in numbers}
