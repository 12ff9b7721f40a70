"""The index of this process, kept by the version of the content."""

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db import connections, router
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language, override

from programs import vocabulary
from programs.models import Entry
from programs.models.translated import GERMAN, Translation

from . import index
from .index import Document, Group, Hit, Index, Wish
from .meanings import meanings
from .models import SynonymGroup
from .question import Meanings, Question, understand
from .sections import Section, Stems, answering, of_pages
from .sets import union
from .shelf import STATE, Shelf, shelf
from .words import FILLERS, fold, misspelt, stem

OPENNESS = {"open": 1.0, "service": 0.9, "paused": 0.7, "ended": 0.45}
"""What can be joined now comes before what cannot, if both answer as much."""
MEANT_OTHERWISE = frozenset(stem(fold(word)) for word in FILLERS)
"""Synonyms that are looked for in no text: the stem of the Turkish „ders“ is the German article „der“."""
NAMED = ("field:", "group:", "district:")
"""Tokens whose labels are searched, too."""


@dataclass
class Kept:
    texts: str
    index: Index
    shelf: Shelf
    alike: dict[str, dict[str, float]]
    """Stem → stems that mean the same."""
    sections: list[Section]
    meanings: dict[str | None, Meanings] = field(default_factory=dict)
    """Language of the page → names and their meanings."""

    @cached_property
    def stems(self) -> Stems:
        """Those that entries have."""
        return Stems(self.index.postings)

    def alike_to(self, wanted: str) -> Mapping[str, float]:
        """Stems that mean the same as the stem ``wanted``, or as the word for which it is a typing error."""
        if wanted in self.alike or wanted in self.index.postings:
            return self.alike.get(wanted, {})
        meant = [others for known, others in self.alike.items() if misspelt(wanted, known)]
        return dict.fromkeys(set[str]().union(*meant), index.TYPO)


class Search:
    """One question to the index; ``literally``: words of which nobody wants the meaning."""

    def __init__(self, text: str, literally: Collection[str] = ()) -> None:
        self.kept = current()
        language = get_language()
        if language not in self.kept.meanings:
            words = vocabulary.words()
            self.kept.meanings[language] = meanings(vocabulary.labels(*words.values()))
        known = self.kept.meanings[language]
        self.question: Question = understand(text, known, literally)

    @cached_property
    def wishes(self) -> list[Wish]:
        plain = self.question.plain
        own = [
            self.kept.index.wish(word, self.kept.alike_to(stem(word)), self.as_typed(word))
            for word in plain
        ]
        understood = self.question.understood
        return own + [Wish(one.label, {}, one.facets, one.weight) for _name, one in understood]

    def as_typed(self, name: str) -> str:
        """„Kindern“ for „kindern“, in quotation marks: pages say no word that nobody wrote."""
        typed = " ".join(self.question.spelling.get(word, word) for word in name.split())
        return f"„{typed}“"

    @cached_property
    def groups(self) -> list[Group]:
        """The entries that answer most of the question, best first."""
        return self.kept.index.rank(self.wishes)

    @property
    def hits(self) -> list[Hit]:
        """The same, each entry by itself."""
        return self.kept.index.hits(self.groups)

    @property
    def entries(self) -> int:
        """All of them as a set."""
        return union(group.entries for group in self.groups)

    @property
    def sections(self) -> list[Section]:
        """Sections of pages that answer a question without a place, a day or another meaning."""
        if self.question.understood:
            return []
        kept = self.kept
        return answering(self.question.plain, kept.sections, kept.alike, kept.stems)

    @property
    def unknown(self) -> list[str]:
        """Words that no entry answers, folded."""
        pairs = zip(self.question.plain, self.wishes, strict=False)
        return [word for word, wish in pairs if not wish.is_known]

    @property
    def unknown_typed(self) -> list[str]:
        return [self.as_typed(word) for word in self.unknown]


_lock = threading.Lock()
_kept: list[Kept] = []


def current() -> Kept:
    """The index for the content as it is committed now; made anew at most once for each version."""
    entries = shelf()
    for kept in _kept[:]:
        if kept.shelf is entries:
            return kept
    with _lock:
        for kept in _kept[:]:
            if kept.shelf is entries:
                return kept
        made = _make(entries)
        if entries.version is not None:
            _kept[:] = [made]
        return made


TEXTS = """
    SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'e' || id || ':' || xmin AS row FROM programs_entry
        UNION ALL SELECT 'f' || slug || ':' || xmin FROM programs_field
        UNION ALL SELECT 'g' || slug || ':' || xmin FROM programs_targetgroup
        UNION ALL SELECT 'd' || number || ':' || xmin FROM programs_district
        UNION ALL SELECT 's' || id || ':' || xmin FROM portal_synonymgroup
        UNION ALL SELECT 'p' || id || ':' || xmin FROM portal_page
    ) AS rows
"""
"""Tells whether any row has changed of which the index is made: ``xmin`` is the last transaction that wrote it."""


def _make(entries: Shelf) -> Kept:
    """Anew only if a text has changed: a place that is taken is a version of its own, and changes none."""
    with connections[router.db_for_read(Entry)].cursor() as cursor:
        cursor.execute(TEXTS)
        texts = str(cursor.fetchone())
    for kept in _kept[:]:
        if entries.version is not None and texts == kept.texts and kept.shelf.keys == entries.keys:
            return replace(kept, shelf=entries)
    alike = _alike()
    return Kept(texts, Index(_documents(entries), alike), entries, alike, of_pages())


def _documents(entries: Shelf) -> Iterator[Document]:
    """In the order of the shelf."""
    with override(GERMAN):  # the index is the same for all languages
        labels = vocabulary.labels(*vocabulary.words().values())
    rows = Entry.objects.joinable().order_by("pk").annotate(state=RawSQL(STATE, ()))  # noqa: S611
    columns = (
        "facets",
        "state",
        "title",
        "translations",
        F("organisation__title"),
        "located_at",
        "summary",
        "description",
        "requirements",
        "time_note",
    )
    there = 0
    for pk, tokens, state, title, others, owner, located_at, summary, *texts in rows.values_list(
        "pk", *columns
    ).iterator(chunk_size=500):
        position = entries.position.get(pk)
        if position is None:
            continue
        while there < position:  # it is gone since the shelf was read
            yield Document(entries.keys[there], frozenset(), 0, ())
            there += 1
        there += 1
        named = [labels[token] for token in tokens if token.startswith(NAMED) and token in labels]
        fields = (
            (index.TITLE, title),
            (index.NAMES, " ".join([*named, owner or "", located_at])),
            (index.SUMMARY, f"{summary} {_in_other_languages(others)}".strip()),
            (index.TEXT, " ".join(texts)),
        )
        yield Document(pk, frozenset(tokens), OPENNESS[state], fields)


def _in_other_languages(translations: dict[str, dict[str, Translation]]) -> str:
    """Titles and summaries, so that who types a word of their own language finds the entry."""
    found = (one.get(name) for one in translations.values() for name in ("title", "summary"))
    return " ".join(text["text"] for text in found if text)


def _alike() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for group in SynonymGroup.objects.all():
        stems = group.stems
        for one in stems:
            others = stems - {one} - MEANT_OTHERWISE
            found.setdefault(one, {}).update(dict.fromkeys(others, index.LIKE))
    return found
