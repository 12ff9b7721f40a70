"""The index: which entries answer how much of a question.

It lives in each process and is made anew when the version of the content changes. For some thousand
entries that is faster and more exact than the database's text search, and it can say which words of
the question an entry does not answer.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .words import SHORTEST, all_words, misspelt, parts, stem, words

TITLE, NAMES, SUMMARY, TEXT = 4.0, 2.5, 2.0, 1.0
"""How much a word counts in a title, in the names of fields, groups and the organisation, in a summary, in a text."""
PART, LIKE, TYPO = 0.8, 0.7, 0.5
"""How much a word counts that is part of a compound, means the same, or is spelt almost the same."""
LONG = 4
"""Words of so many letters are also found inside longer ones."""
ENOUGH = 0.4
"""Entries that answer less than this part of what the best one answers are left out."""


class Document(NamedTuple):
    """What the index knows of one entry. ``openness``: 1 takes sign-ups … 0.4 has ended."""

    key: int
    facets: frozenset[str]
    openness: float
    texts: tuple[tuple[float, str], ...]
    """Weight and text of each field."""


@dataclass
class Hit:
    key: int
    score: float
    missed: list[str] = field(default_factory=list)
    """Words of the question that the entry does not answer, as they were typed."""


class Wish(NamedTuple):
    """One thing that is asked for: stems or facets that answer it, each with how well."""

    typed: str
    stems: Mapping[str, float]
    facets: Mapping[str, float]
    weight: float
    """How much it counts; a rare word says more than a common one."""


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

    def rarity(self, found: str) -> float:
        """From about 1 for a stem that every entry has to about 5 for one that a single entry has."""
        return 1 + math.log((1 + len(self.documents)) / (1 + len(self.postings.get(found, ()))))

    def wish(self, typed: str, alike: Mapping[str, float]) -> Wish:
        """The wish for a word; ``alike``: stems that mean the same, each with how well."""
        found = self._answers(stem(words(typed)[0])) if words(typed) else {}
        for other, how_well in alike.items():
            if other in self.postings:
                found[other] = max(found.get(other, 0.0), how_well)
        rarest = max((self.rarity(one) * how for one, how in found.items()), default=1.0)
        return Wish(typed, found, {}, rarest)

    def _answers(self, wanted: str) -> dict[str, float]:
        """Stem → how well it answers ``wanted``: the same word, a part or the whole of a compound, a typing error."""
        found = {wanted: 1.0} if wanted in self.postings else {}
        if len(wanted) >= LONG:
            around = (one for one in self.postings if len(one) - len(wanted) >= SHORTEST)
            found |= {one: PART for one in around if one.startswith(wanted) or one.endswith(wanted)}
        if not found:
            found = dict.fromkeys(parts(wanted, self.known), PART)
        return found or {one: TYPO for one in self.postings if misspelt(wanted, one)}

    def rank(self, wishes: Iterable[Wish]) -> list[Hit]:
        """The entries that answer the wishes, best first. No wish has to be answered.

        Of a wish answered by the parts of a compound the parts share the points.
        """
        asked = list(wishes)
        if not asked:
            return []
        hits: dict[int, Hit] = {}
        answered: dict[int, set[int]] = defaultdict(set)
        for number, wish in enumerate(asked):
            for key, how_well in self._answering(wish).items():
                hit = hits.setdefault(key, Hit(key, 0.0))
                hit.score += wish.weight * how_well
                answered[key].add(number)
        for key, hit in hits.items():
            hit.missed = [wish.typed for n, wish in enumerate(asked) if n not in answered[key]]
        return self._best(list(hits.values()), asked, answered)

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

    def _best(
        self, hits: list[Hit], asked: list[Wish], answered: Mapping[int, set[int]]
    ) -> list[Hit]:
        whole = sum(wish.weight for wish in asked)
        covered = {
            key: sum(asked[number].weight for number in numbers) / whole
            for key, numbers in answered.items()
        }
        enough = ENOUGH * max(covered.values(), default=0)
        for hit in hits:
            openness = self.documents[hit.key].openness
            hit.score *= (0.3 + 0.7 * covered[hit.key]) * openness
        kept = [hit for hit in hits if covered[hit.key] >= enough]
        return sorted(kept, key=lambda hit: (-hit.score, hit.key))
