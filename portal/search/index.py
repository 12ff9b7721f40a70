"""The index: which entries answer how much of a question.

It lives in each process. For some thousand entries that is faster and more exact than the database's text
search, and it can say which words of the question an entry does not answer. Entries are positions, and sets
of them are numbers, as in ``shelf.py``: entries that answer a question alike are ranked as one group.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .sets import Levels, levels, positions, set_of, union
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
REMEMBERED = 2000
"""Words whose stems are remembered; then all are looked for anew."""


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


@dataclass(frozen=True)
class Group:
    """Entries that answer the same wishes equally well."""

    entries: int
    score: float = 0.0
    covered: float = 0.0
    """Weight of the wishes that they answer."""
    answered: tuple[Wish, ...] = ()
    missed: list[str] = field(default_factory=list)
    """Words that they do not answer and others do."""
    is_partial: bool = False
    """Whether they lack something that others have, or answer it only in part."""

    def plus(self, entries: int, wish: Wish, how_well: float) -> "Group":
        """Those of them that answer a further wish."""
        return replace(
            self,
            entries=entries,
            score=self.score + wish.weight * how_well,
            covered=self.covered + wish.weight * (how_well if wish.facets else 1),
            answered=(*self.answered, wish),
            is_partial=self.is_partial or (bool(wish.facets) and how_well < FITS),
        )


class Hit(NamedTuple):
    """One entry of a group."""

    key: int
    score: float
    missed: list[str]
    is_partial: bool


class Index:
    def __init__(self, documents: Iterable[Document], known: Iterable[str] = ()) -> None:
        """``known``: further stems of which compounds may be made."""
        self.keys: list[int] = []
        facets: dict[str, list[int]] = defaultdict(list)
        openness: dict[float, list[int]] = defaultdict(list)
        stems: dict[str, dict[float, list[int]]] = {}
        for position, one in enumerate(documents):
            self.keys.append(one.key)
            openness[one.openness].append(position)
            for token in one.facets:
                facets[token].append(position)
            for found, weight in _stems(one).items():
                stems.setdefault(found, {}).setdefault(weight, []).append(position)
        size = len(self.keys)
        self.facets = {token: set_of(found, size) for token, found in facets.items()}
        self.openness = {how: set_of(found, size) for how, found in openness.items()}
        weights = {
            found: {weight: set_of(there, size) for weight, there in by_weight.items()}
            for found, by_weight in stems.items()
        }
        self.known = {*weights, *known}
        for whole in list(weights):
            for part in parts(whole, self.known):
                own = weights.setdefault(part, {})
                for weight, entries in list(weights[whole].items()):
                    own[weight * PART] = own.get(weight * PART, 0) | entries
        self.postings: dict[str, Levels] = {found: levels(own) for found, own in weights.items()}
        """Stem → weight of the most important field that has it, and the entries in which it has."""
        self._answers_kept: dict[str, dict[str, float]] = {}

    def rarity(self, stems: Iterable[str]) -> float:
        """From 1 if every entry has one of ``stems`` to about 5 if a single entry has one."""
        having = union(entries for one in stems for _weight, entries in self.postings.get(one, ()))
        return 1 + math.log((1 + len(self.keys)) / (1 + having.bit_count()))

    def wish(self, word: str, alike: Mapping[str, float], typed: str = "") -> Wish:
        """The wish for ``word`` (folded); ``alike``: stems that mean the same, each with how well."""
        found = dict(self._answers(stem(word)))
        for other, how_well in alike.items():
            if other in self.postings:
                found[other] = max(found.get(other, 0.0), how_well)
        return Wish(typed or word, found, {}, self.rarity(found) if found else 1.0)

    def _answers(self, wanted: str) -> dict[str, float]:
        """Stem → how well it answers ``wanted``; looking through all stems takes some milliseconds."""
        if wanted not in self._answers_kept:
            if len(self._answers_kept) >= REMEMBERED:
                self._answers_kept = {}
            self._answers_kept[wanted] = self._look_for(wanted)
        return self._answers_kept[wanted]

    def _look_for(self, wanted: str) -> dict[str, float]:
        """The same word, a part or the whole of a compound, a typing error."""
        found = {wanted: 1.0} if wanted in self.postings else {}
        if len(wanted) >= LONG:
            around = (one for one in self.postings if len(one) - len(wanted) >= SHORTEST)
            found |= {one: PART for one in around if one.startswith(wanted) or one.endswith(wanted)}
        if not found:
            found = dict.fromkeys(parts(wanted, self.known), PART)
        return found or {one: TYPO for one in self.postings if misspelt(wanted, one)}

    def rank(self, wishes: Sequence[Wish]) -> list[Group]:
        """The entries that answer the wishes, best first. No wish has to be answered.

        What answers all that any entry answers comes before what is a better answer to less. Of the stems and
        facets of one wish the one that counts most is what counts. Entries of groups that are equally good
        belong together, by their key (:meth:`hits`).
        """
        groups = [Group((1 << len(self.keys)) - 1)]
        for wish in wishes:
            answering = self._answering(wish)
            groups = [part for group in groups for part in _divided(group, wish, answering)]
        return self._best([group for group in groups if group.answered], wishes)

    def _answering(self, wish: Wish) -> Levels:
        """How well entries answer the wish, from 0 to 1."""
        found: dict[float, int] = {}
        for one, how_well in wish.stems.items():
            for weight, entries in self.postings.get(one, ()):
                points = how_well * (0.55 + 0.45 * weight / TITLE)
                found[points] = found.get(points, 0) | entries
        for token, how_well in wish.facets.items():
            found[how_well] = found.get(how_well, 0) | self.facets.get(token, 0)
        return levels(found)

    def _best(self, groups: list[Group], wishes: Sequence[Wish]) -> list[Group]:
        whole = sum(wish.weight for wish in wishes)
        enough = ENOUGH * max((group.covered for group in groups), default=0)
        found = []
        for group in groups:
            missed = [one.typed for one in wishes if one.is_known and one not in group.answered]
            for how_open, those in self.openness.items():
                if group.covered >= enough and (entries := group.entries & those):
                    found.append(
                        replace(
                            group,
                            entries=entries,
                            score=group.score * ((0.3 + 0.7 * group.covered / whole) * how_open),
                            missed=missed,
                            is_partial=group.is_partial or bool(missed),
                        )
                    )
        return sorted(found, key=lambda group: (group.is_partial, -group.score))

    def hits(self, groups: Iterable[Group]) -> list[Hit]:
        """Each entry of the groups, in their order."""
        found = [
            (group.is_partial, -group.score, self.keys[position], group)
            for group in groups
            for position in positions(group.entries)
        ]
        found.sort(key=lambda one: one[:3])
        return [Hit(key, group.score, group.missed, group.is_partial) for *_, key, group in found]


def _divided(group: Group, wish: Wish, answering: Levels) -> Iterator[Group]:
    """A group by how well its entries answer a further wish."""
    rest = group.entries
    for how_well, entries in answering:
        if found := rest & entries:
            yield group.plus(found, wish, how_well)
            rest ^= found
    if rest:
        yield replace(group, entries=rest)


def _stems(document: Document) -> dict[str, float]:
    """Stem → weight of the most important field that has it."""
    found: dict[str, float] = {}
    for weight, text in document.texts:
        for word in all_words(text):
            one = stem(word)
            found[one] = max(found.get(one, 0.0), weight)
    return found
