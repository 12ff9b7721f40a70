"""The index: which entries answer how much of a question.

It lives in each process and is made anew when the version of the content changes. For some thousand
entries that is faster and more exact than the database's text search, and it can say which words of
the question an entry does not answer.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .words import SHORTEST, all_words, misspelt, parts, stem

TITLE, NAMES, SUMMARY, TEXT = 4.0, 2.5, 2.0, 1.0
"""How much a word counts in a title, in the names of fields, groups and the organisation, in a summary, in a text."""
PART, LIKE, TYPO = 0.8, 0.7, 0.5
"""How much a word counts that is part of a compound, means the same, or is spelt almost the same."""
LONG = 4
"""Words of so many letters are also found inside longer ones."""
FITS = 0.5
"""A facet that fits less well answers only in part: the next district is not the own one."""
ENOUGH = 0.3
"""Entries that answer less than this part of what the best one answers are left out."""


class Document(NamedTuple):
    """What the index knows of one entry. ``openness``: 1 takes sign-ups … 0.4 has ended."""

    key: int
    facets: frozenset[str]
    openness: float
    texts: tuple[tuple[float, str], ...]
    """Weight and text of each field."""


class Wish(NamedTuple):
    """One thing that is asked for: stems or facets that answer it, each with how well."""

    typed: str
    """The word or the meaning, as a page names it."""
    stems: Mapping[str, float]
    facets: Mapping[str, float]
    weight: float
    """How much it counts; a rare word says more than a common one."""

    @property
    def is_known(self) -> bool:
        """Whether any entry may answer it."""
        return bool(self.stems or self.facets)


@dataclass
class Hit:
    key: int
    score: float = 0.0
    covered: float = 0.0
    """Weight of the wishes that the entry answers."""
    answered: list[Wish] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """Words that the entry does not answer and others do."""
    is_partial: bool = False
    """Whether it lacks something that others have, or answers it only in part."""


class Index:
    def __init__(self, documents: Iterable[Document], known: Iterable[str] = ()) -> None:
        """``known``: further stems of which compounds may be made."""
        self.documents = {one.key: one for one in documents}
        self.postings: dict[str, dict[int, float]] = defaultdict(dict)
        """Stem → entry → weight of the most important field that has the stem."""
        for one in self.documents.values():
            for weight, text in one.texts:
                for word in all_words(text):
                    self._add(stem(word), one.key, weight)
        self.known = {*self.postings, *known}
        for whole in list(self.postings):
            for part in parts(whole, self.known):
                for key, weight in list(self.postings[whole].items()):
                    self._add(part, key, weight * PART)

    def _add(self, found: str, key: int, weight: float) -> None:
        posting = self.postings[found]
        posting[key] = max(posting.get(key, 0.0), weight)

    def rarity(self, stems: Iterable[str]) -> float:
        """From 1 if every entry has one of ``stems`` to about 5 if a single entry has one."""
        having = set().union(*(self.postings.get(one, ()) for one in stems))
        return 1 + math.log((1 + len(self.documents)) / (1 + len(having)))

    def wish(self, word: str, alike: Mapping[str, float], typed: str = "") -> Wish:
        """The wish for ``word`` (folded); ``alike``: stems that mean the same, each with how well."""
        found = self._answers(stem(word))
        for other, how_well in alike.items():
            if other in self.postings:
                found[other] = max(found.get(other, 0.0), how_well)
        return Wish(typed or word, found, {}, self.rarity(found) if found else 1.0)

    def _answers(self, wanted: str) -> dict[str, float]:
        """Stem → how well it answers ``wanted``: the same word, a part or the whole of a compound, a typing error."""
        found = {wanted: 1.0} if wanted in self.postings else {}
        if len(wanted) >= LONG:
            around = (one for one in self.postings if len(one) - len(wanted) >= SHORTEST)
            found |= {one: PART for one in around if one.startswith(wanted) or one.endswith(wanted)}
        if not found:
            found = dict.fromkeys(parts(wanted, self.known), PART)
        return found or {one: TYPO for one in self.postings if misspelt(wanted, one)}

    def rank(self, wishes: Sequence[Wish]) -> list[Hit]:
        """The entries that answer the wishes, best first. No wish has to be answered.

        What answers all that any entry answers comes before what is a better answer to less. Of the stems and
        facets of one wish the one that counts most is what counts.
        """
        hits: dict[int, Hit] = {}
        for wish in wishes:
            for key, how_well in self._answering(wish).items():
                hit = hits.setdefault(key, Hit(key))
                hit.score += wish.weight * how_well
                hit.covered += wish.weight * (how_well if wish.facets else 1)
                hit.answered.append(wish)
                hit.is_partial |= bool(wish.facets) and how_well < FITS
        for hit in hits.values():
            hit.missed = [one.typed for one in wishes if one.is_known and one not in hit.answered]
            hit.is_partial |= bool(hit.missed)
        return self._best(list(hits.values()), sum(wish.weight for wish in wishes))

    def _answering(self, wish: Wish) -> dict[int, float]:
        """Entry → how well it answers the wish, from 0 to 1."""
        found: dict[int, float] = {}
        for one, how_well in wish.stems.items():
            for key, weight in self.postings.get(one, {}).items():
                points = how_well * (0.55 + 0.45 * weight / TITLE)
                found[key] = max(found.get(key, 0.0), points)
        for token, how_well in wish.facets.items():
            for key, document in self.documents.items():
                if token in document.facets:
                    found[key] = max(found.get(key, 0.0), how_well)
        return found

    def _best(self, hits: list[Hit], whole: float) -> list[Hit]:
        enough = ENOUGH * max((hit.covered for hit in hits), default=0)
        for hit in hits:
            openness = self.documents[hit.key].openness
            hit.score *= (0.3 + 0.7 * hit.covered / whole) * openness
        kept = [hit for hit in hits if hit.covered >= enough]
        return sorted(kept, key=lambda hit: (hit.is_partial, -hit.score, hit.key))
