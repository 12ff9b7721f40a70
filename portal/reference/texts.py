"""The texts of the starting data in other languages: ``portal/data/texts/<language>.json``.

A file is key of the record → column → German text and its translation:

    {"field:sprache": {"name": {"de": "Sprache", "text": "Language"}}}

The German text stands there because a translation is right for one text only: a record whose German text is another
one is left alone. So is what somebody has translated in the portal.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from programs.models import Translated
from programs.models.translated import GERMAN
from programs.texts import keep, said_problem, translation_of

from .files import read_records
from .kinds import KINDS, Kind, Rows
from .values import children, record_key

FOLDER = "texts"
NAMES = ("title", "note")
"""The column by which a row of a record is known, the first that it has."""
Texts = dict[str, dict[str, dict[str, str]]]
"""Key of a record → column → „de“ and „text“."""


class Source(NamedTuple):
    """A record of the starting data with texts; ``given``: German text of each column."""

    key: str
    model: type[Translated]
    given: dict[str, str]


def read_texts(folder: Path, language: str) -> Texts:
    path = folder / FOLDER / f"{language}.json"
    if not path.exists():
        return {}
    found: Texts = json.loads(path.read_text(encoding="utf-8"))
    return found


def sources(folder: Path) -> Iterator[Source]:
    """All that is to be translated of the data files."""
    for kind in KINDS:
        for name in kind.files:
            for record in read_records(folder, name):
                key = record_key(kind, record)
                yield from _source(key, kind.model, record)
                for rows in kind.rows:
                    for row in record.get(rows.accessor, ()):
                        yield from _source(_row_key(key, rows, row), rows.model, row)


def to_translate(folder: Path, language: str) -> Texts:
    """The texts of the data files with what is translated of them in ``language``; "" where it is not."""
    there = read_texts(folder, language)
    found: Texts = {}
    for source in sources(folder):
        done = there.get(source.key, {})
        found[source.key] = {
            name: {"de": german, "text": _still(done.get(name), german)}
            for name, german in source.given.items()
        }
    return found


def load_texts(folder: Path) -> dict[str, int]:
    """Load the files of all languages; language → how many texts were written. Two queries a kind and language."""
    files = {code: read_texts(folder, code) for code, _name in settings.LANGUAGES if code != GERMAN}
    files = {code: texts for code, texts in files.items() if texts}
    written = dict.fromkeys(files, 0)
    if files:
        for key, record in _records():
            for language, texts in files.items():
                written[language] += _load(record, language, texts.get(key, {}))
    return written


def _still(done: dict[str, str] | None, german: str) -> str:
    return done["text"] if done and done["de"].strip() == german.strip() else ""


def _source(key: str, model: type[Any], record: dict[str, Any]) -> Iterator[Source]:
    if not issubclass(model, Translated):
        return
    row = model(**{name: record[name] for name in model.TRANSLATED if name in record})
    given = {name: row.german(name) for name in row.to_translate()}
    if given:
        yield Source(key, model, given)


def _row_key(key: str, rows: Rows, row: Any) -> str:
    """„room:feuerbach/offers:Sprachcafé“: rows of a record have no name of their own but their first text."""
    get = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
    name = next((name for name in NAMES if name in rows.columns), "")
    return f"{key}/{rows.accessor}:{(get(name) or '') if name else ''}"


def _records() -> Iterator[tuple[str, Translated]]:
    """The rows of the database that have texts, with their keys."""
    for kind in KINDS:
        parts = [rows for rows in kind.rows if issubclass(rows.model, Translated)]
        if not (issubclass(kind.model, Translated) or parts):
            continue
        for row in kind.model.objects.prefetch_related(*(rows.accessor for rows in parts)):
            yield from _with_parts(kind, row, parts)


def _with_parts(kind: Kind, row: Any, parts: list[Rows]) -> Iterator[tuple[str, Translated]]:
    key = record_key(kind, row)
    if isinstance(row, Translated):
        yield key, row
    for rows in parts:
        for part in children(row, rows):
            if isinstance(part, Translated):
                yield _row_key(key, rows, part), part


def _load(record: Translated, language: str, texts: dict[str, dict[str, str]]) -> int:
    wanted = {}
    for name, one in texts.items():
        if name not in record.TRANSLATED or not one["text"].strip():
            continue
        there = record.translation(name, language)
        if there is not None and not there.get("loaded"):
            continue
        if one["de"].strip() != record.german(name).strip():
            continue
        made = translation_of(record, name, one["text"].strip(), loaded=True)
        if made != there:
            wanted[name] = made
    if wanted:
        keep(record, language, wanted)
    return len(wanted)


def faults(folder: Path, language: str) -> Iterator[str]:
    """What is wrong with the file of ``language``: unknown or old texts, and what the columns refuse."""
    known = {source.key: source for source in sources(folder)}
    for key, texts in read_texts(folder, language).items():
        source = known.get(key)
        for name, one in texts.items():
            german = source.given.get(name) if source else None
            if german is None or source is None:
                yield f"{language}: {key}, {name}: gibt es nicht"
            elif one["de"].strip() != german.strip():
                yield f"{language}: {key}, {name}: der deutsche Text ist ein anderer"
            elif one["text"].strip() and (why := said_problem(source.model, name, one["text"])):
                yield f"{language}: {key}, {name}: {why}"
