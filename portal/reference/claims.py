"""Checks that the starting data claims only what it can prove.

Everything here reads the data files, not the database: what staff write in the portal is theirs. The
tests run the check, and so does ``manage.py load_reference --check``.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils import timezone

from .files import DATA, Record, read_records
from .kinds import KINDS, PROVENANCE, Kind
from .values import record_key

UNDATED = "(ohne Datum)"
"""A source says so if it has no date; the record then has no Stand."""
TEXTS = (
    "title",
    "name",
    "label",
    "summary",
    "description",
    "requirements",
    "time_note",
    "period_note",
    "hours_note",
    "access_note",
    "area",
    "in_plain_words",
    "located_at",
    "note",
    "trend_note",
    "body",
)
"""Columns that public pages show as text."""
RECEIVED = re.compile(
    r"schulung|fortbildung|ausbildungs(wochenende|tag)|supervision|vorbereitung|begleitung\b|seminar"
    r"|workshop|zertifikat|versichert|auslagen|keine vorkenntnisse",
    re.IGNORECASE,
)
"""What an organisation gives to people. It is nothing that they bring."""
ADDRESS = re.compile(r"\b[\w-]*(?:straße|str\.|weg|platz|gasse|allee|ufer) \d+", re.IGNORECASE)
STREET = re.compile(r"straße\b", re.IGNORECASE)
PARTIES = re.compile(
    r"(^|[.-])(cdu|spd|fdp|afd|gruene|die-?linke|linke\w*|volt|bsw|freie-?waehler|\w*fraktion\w*)([.-]|$)"
)
"""Host names of parties and their groups in the council. They are no source for a page of the city."""
WRONG_QUOTES = re.compile(r"[«»\"]|„[^“]*„|“[^„]*“")
STAND = re.compile(r"Stand|kein Datum|ohne Datum")
CLAIMING_PAGES = frozenset(
    {
        "so-laeuft-es",
        "versicherung-und-auslagen",
        "engagement-im-wandel",
        "willkommensraeume-konzept",
    }
)
"""Text pages that state facts about the city; the others are legal texts about the portal itself."""

Rule = Callable[[Record], Iterator[str]]


class Fault(NamedTuple):
    """A record of the data files, and what is wrong with it."""

    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}"


def faults(folder: Path = DATA) -> list[Fault]:
    """Everything in the data files that nobody could stand up for; empty if all is well."""
    offices = {
        record["slug"] for record in read_records(folder, "organisations.json") if is_office(record)
    }
    return [
        Fault(record_key(kind, record), what)
        for kind in KINDS
        for name in kind.files
        for record in read_records(folder, name)
        for rule in _rules(kind, offices)
        for what in rule(record)
    ]


def _rules(kind: Kind, offices: set[str]) -> list[Rule]:
    """``offices``: the departments of the city; they answer for whoever is not in the portal yet."""
    rules: list[Rule] = [text_faults, *RULES.get(kind.name, ())]
    if set(PROVENANCE) <= set(kind.columns):
        rules.append(provenance_faults)
    if "accepts_sign_ups" in kind.columns:
        rules += [*ENTRY_RULES, partial(unanswered, offices=offices)]
    return rules


def text_faults(record: Record) -> Iterator[str]:
    for name in TEXTS:
        if WRONG_QUOTES.search(str(record.get(name) or "")):
            yield f"Anführungszeichen in {name} sind nicht „…“"


def provenance_faults(record: Record) -> Iterator[str]:
    source = record.get("source") or ""
    if not source:
        yield "ohne Quelle"
    elif not record.get("as_of") and not source.endswith(UNDATED) and record.get("is_published"):
        yield f"ohne Stand, und die Quelle sagt nicht „{UNDATED}“"
    if record.get("as_of") and source.endswith(UNDATED):
        yield "hat einen Stand, aber eine Quelle ohne Datum"
    if record.get("evidence_confirmed") and not record.get("as_of") and not is_office(record):
        yield "gilt als belegt, ohne Stand"
    for address in re.findall(r"https?://[^\s;]+", source):
        if PARTIES.search(urlsplit(address).hostname or ""):
            yield f"die Seite einer Partei oder Fraktion ist keine öffentliche Quelle: {address}"


def is_office(record: Record) -> bool:
    return record.get("type") == "office"


def ending_faults(record: Record) -> Iterator[str]:
    if record.get("status") != "ended":
        if str(record.get("ends_on") or "9999") < timezone.localdate().isoformat():
            yield "hat ein Ende, das vorbei ist, ist aber nicht beendet"
        return
    if not record.get("ends_on") and not record.get("period_note"):
        yield "ist beendet, sagt aber nicht wann"
    if record.get("accepts_sign_ups"):
        yield "ist beendet und nimmt Anmeldungen an"


def bringing_faults(record: Record) -> Iterator[str]:
    if RECEIVED.search(record.get("requirements") or ""):
        yield f"„Was Sie mitbringen“ nennt, was man bekommt: {record['requirements']}"


def place_faults(record: Record) -> Iterator[str]:
    texts = " ".join(str(record.get(name) or "") for name in (*TEXTS, "street", "place", "address"))
    found = ADDRESS.findall(texts)
    if found and not record.get("districts"):
        yield f"nennt eine Anschrift, aber keinen Stadtbezirk: {found[0]}"
    if STREET.search(record["title"]) and not (record.get("districts") or record.get("located_at")):
        yield "heißt nach einer Straße, gilt aber als „in der ganzen Stadt“"


def certificate_faults(record: Record) -> Iterator[str]:
    asked = [step for step in record.get("steps", ()) if step["kind"] == "conduct_check"]
    if not asked and not record.get("requires_conduct_check"):
        return
    if not re.search(r"Führungszeugnis[^\n]*https?://", record.get("internal_note") or ""):
        yield "verlangt ein Führungszeugnis, ohne eine Quelle dafür zu nennen"


def trend_faults(record: Record) -> Iterator[str]:
    if not record.get("trend"):
        return
    if not record.get("trend_note"):
        yield "nennt eine Entwicklung, ohne sie zu erklären"
    if not re.search(r"Stand \S", record.get("trend_source") or ""):
        yield "nennt eine Entwicklung ohne Quelle und Stand"


def page_faults(record: Record) -> Iterator[str]:
    if record["slug"] not in CLAIMING_PAGES:
        return
    _text, _heading, sources = record["body"].partition("\n## Quelle")
    if not sources:
        yield "hat keinen Abschnitt „Quelle“"
    elif not STAND.search(sources):
        yield "nennt bei den Quellen keinen Stand"


def unanswered(record: Record, offices: set[str]) -> Iterator[str]:
    """A published entry that takes sign-ups needs a department that answers, and volunteers to want."""
    if not (record.get("accepts_sign_ups") and record.get("is_published")):
        return
    if not {record.get("department"), record.get("organisation"), record["slug"]} & offices:
        yield "nimmt Anmeldungen an, aber keine Stelle der Stadt antwortet"
    if "nicht belegt" in (record.get("internal_note") or "").partition("\n")[0]:
        yield "nimmt Anmeldungen an, obwohl niemand weiß, ob dort Ehrenamtliche mitmachen"


ENTRY_RULES: list[Rule] = [ending_faults, bringing_faults, place_faults, certificate_faults]
RULES: dict[str, list[Rule]] = {"field": [trend_faults], "page": [page_faults]}
