"""The catalogue's filters: facets with counts, search, place and sort order.

Every facet value is a token in ``Entry.facets``. Values of one facet are combined with OR, facets
with AND. Every query string gives a normal page: unknown values, control characters and the end of
an overlong search are dropped here.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from portal.search.kept import Search
from portal.search.places import Answer, look_up
from portal.search.sets import positions, union
from portal.search.shelf import Shelf, shelf
from portal.search.words import fold
from programs import vocabulary
from programs.models import Entry
from programs.vocabulary import Word

from .boxes import Besides, Chip, Facet, Option, besides, short, states
from .hits import Filtered, filtered, order_of
from .near import Near, Nearness, nearness
from .order import sort_orders
from .values import (
    MAX_QUERY,
    DistrictFilter,
    FacetFilter,
    LiteralFilter,
    PlaceFilter,
    SearchFilter,
    WordFilter,
    WordsField,
)

BOXES = (
    ("bezirk", "umkreis"),
    ("art",),
    ("ohne_deutsch", "fuer_neue", "fuer_gruppen"),
    ("feld",),
    ("gruppe",),
    ("tag",),
    ("zeit",),
    ("sprache",),
)
"""Filters that share a box, in the order of the page. The first filter gives the box its label."""
OPEN_BOXES = frozenset({"art", "ohne_deutsch"})
ANSWERS_WELL = 0.75
"""An answer of at least this share of the best one's score comes before what is only nearer."""


class CatalogueForm(forms.Form):
    """Only reads the query string; the template renders the inputs itself."""

    def add_prefix(self, field_name: str) -> str:
        """Parameter names in URLs have hyphens in place of underscores."""
        return super().add_prefix(field_name).replace("_", "-")


class CatalogueFilter(django_filters.FilterSet):
    """Filters the entries in memory by the query string. Call ``is_valid()`` first; it never fails."""

    q = SearchFilter(label=_lazy("Suche"))
    ort = PlaceFilter(label=_lazy("Ort"))
    wort = LiteralFilter(label=_lazy("wörtlich gesucht"))
    art = FacetFilter("kind", label=_lazy("Was"))
    feld = FacetFilter("field", label=_lazy("Engagementfeld"))
    gruppe = FacetFilter("group", label=_lazy("Für wen"))
    bezirk = DistrictFilter("district", label=_lazy("Stadtbezirk"))
    umkreis = WordFilter("nearby", label=_lazy("In der Nähe"))
    tag = FacetFilter("day", label=_lazy("Wochentag"))
    zeit = FacetFilter("time", label=_lazy("Tageszeit"))
    sprache = FacetFilter("language", label=_lazy("Sprache"))
    ohne_deutsch = FacetFilter("without-german", label=_lazy("Leichter Einstieg"))
    fuer_neue = FacetFilter("newcomers", label=_lazy("Neu in Stuttgart"))
    fuer_gruppen = FacetFilter("for-groups", label=_lazy("Gemeinsam mithelfen"))
    zustand = WordFilter("state", label=pgettext_lazy("how far it is", "Stand"))
    sortierung = WordFilter("sort", label=_lazy("Sortierung"))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, Entry.objects.all())
        words = vocabulary.words() | {
            "nearby": [Word("", "1", _("auch Nachbarbezirke"))],
            "state": states(),
            "sort": sort_orders(),
        }
        for one in self.filters.values():
            if isinstance(one, WordFilter):
                one.field.words = words[one.facet]

    @classmethod
    def parameter_names(cls) -> frozenset[str]:
        """The parameters of the query string; the number of the page is none of the filter."""
        return frozenset(CatalogueForm().add_prefix(name) for name in cls.base_filters)

    @cached_property
    def form(self) -> CatalogueForm:
        """Like django-filter's form, but without creating a form class for every request."""
        form = CatalogueForm(self.data)
        form.fields = {name: one.field for name, one in self.filters.items()}
        return form

    @cached_property
    def tokens(self) -> dict[str, list[str]]:
        """The chosen tokens of each facet; facets without a choice are left out."""
        found = {
            name: facet.tokens(self.form.cleaned_data[name])
            for name, facet in self.filters.items()
            if isinstance(facet, FacetFilter)
        }
        return {name: tokens for name, tokens in found.items() if tokens}

    @property
    def typed(self) -> str:
        """The question as it stays in the field."""
        return str(self.form.cleaned_data["q"])

    @property
    def text(self) -> str:
        """The part of it that is looked for."""
        return self.typed[:MAX_QUERY].strip()

    @property
    def is_cut(self) -> bool:
        """Whether a part of the question is not looked for."""
        left_out = self.search.question.left_out if self.search else False
        return left_out or len(self.typed) > MAX_QUERY

    @property
    def typed_place(self) -> str:
        return str(self.form.cleaned_data["ort"])

    @cached_property
    def answer(self) -> Answer:
        """The place that is meant, or why there is none."""
        return look_up(self.typed_place) if self.typed_place else Answer()

    @cached_property
    def suggestions(self) -> list[Chip]:
        """Places that may be meant, and the query string with each."""
        pairs = [(name, value) for name, value, _label in self.parameters if name != "ort"]
        return [
            Chip(place.label, urlencode([*pairs, ("ort", place.name)]))
            for place in self.answer.suggestions
        ]

    @cached_property
    def nearness(self) -> Nearness | None:
        return nearness(self.answer.place, self.shelf) if self.answer.place else None

    @cached_property
    def search(self) -> Search | None:
        """The question to the index, if there is one."""
        literally = {fold(word) for word in self.form.cleaned_data["wort"]}
        return Search(self.text, literally) if self.text else None

    def missed(self, keys: Iterable[int]) -> dict[int, list[str]]:
        """Entry → the words of the question that it does not answer."""
        groups = self.search.groups if self.search else []
        at = {key: 1 << self.shelf.position[key] for key in keys}
        return {
            key: group.missed
            for key, one in at.items()
            for group in groups
            if one & group.entries and group.missed
        }

    @property
    def understood(self) -> list[Chip]:
        """What words of the question are taken for, and the query string that takes them as words."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        if self.search is None:
            return []
        return [
            Chip(f"{self.search.as_typed(name)}: {one.label}", urlencode([*pairs, ("wort", name)]))
            for name, one in self.search.question.understood
        ]

    @property
    def state(self) -> str:
        """Which entries are listed: those that one can join now, unless others are asked for."""
        chosen = [word.token for word in self.form.cleaned_data["zustand"]]
        return chosen[0] if chosen else "open"

    @cached_property
    def shelf(self) -> Shelf:
        """All entries, in memory."""
        return self.search.kept.shelf if self.search else shelf()

    @cached_property
    def _filtered(self) -> Filtered:
        found = self.search.entries if self.search else self.shelf.everything
        return filtered(self.shelf, found, self.tokens, self.state)

    @property
    def number(self) -> int:
        return self._filtered.entries.bit_count()

    @cached_property
    def keys(self) -> list[int]:
        """Primary keys of the entries found, sorted."""
        order = self.sort
        if order == "naehe" and self.nearness is not None:
            near = self.how_near(self.shelf.in_order(self._filtered.entries, self._order(order)))
            answers = self._answers()
            return sorted(near, key=lambda key: (answers.get(key, 0), near[key]))
        if self.search and order == "treffer":
            return self._best_first(self.search)
        return self.shelf.in_order(self._filtered.entries, self._order(order))

    def _order(self, name: str) -> list[int]:
        return order_of(self.shelf, name if name in ("a-z", "neu") else "empfohlen")

    def _best_first(self, search: Search) -> list[int]:
        """Groups that are equally good are one, by primary key."""
        found: list[int] = []
        for _rank, groups in groupby(search.groups, key=lambda one: (one.is_partial, one.score)):
            entries = union(group.entries for group in groups) & self._filtered.entries
            found += (self.shelf.keys[position] for position in positions(entries))
        return found

    def _answers(self) -> dict[int, int]:
        """Entry → how it answers the question: 0 well, 1 by the way, 2 in part.

        What has the words in its title is looked for also if it is not in the district itself.
        """
        found = self.search.hits if self.search else []
        best = max((hit.score for hit in found), default=0.0)
        return {
            hit.key: 2 if hit.is_partial else int(hit.score < ANSWERS_WELL * best) for hit in found
        }

    def how_near(self, keys: Iterable[int]) -> dict[int, Near]:
        """Entry → how near it is to the place."""
        near, at = self.nearness, self.shelf.position
        if near is None:
            return {}
        return {key: near.of(key, self.shelf.carried[at[key]].split()) for key in keys}

    @property
    def besides(self) -> list[Besides]:
        pairs = [(name, value) for name, value, _label in self.parameters]
        return besides(self._filtered.besides, pairs, self.state)

    @property
    def sort(self) -> str:
        """The chosen sort order, or the first that is possible."""
        possible = [word.value for word in self.sort_orders]
        chosen = [word.value for word in self.form.cleaned_data["sortierung"]]
        return chosen[0] if chosen and chosen[0] in possible else possible[0]

    @cached_property
    def sort_orders(self) -> list[Word]:
        """The sort orders to choose from: the nearest first only near a place, best hits only for a search."""
        impossible = {"" if self.text else "treffer", "" if self.answer.place else "naehe"}
        return [word for word in self.words("sortierung") if word.value not in impossible]

    def words(self, name: str) -> list[Word]:
        return cast("WordsField", self.form.fields[name]).words

    @property
    def districts(self) -> dict[str, str]:
        """Token → name of the districts, for cards."""
        return vocabulary.labels(self.words("bezirk"))

    @cached_property
    def facets(self) -> list[Facet]:
        """The boxes of the filter. An option that matches no entry is left out, unless it is chosen."""
        boxes = [
            Facet(
                label=str(self.filters[names[0]].label),
                options=[option for name in names for option in self._options(name)],
                is_long=names[0] not in OPEN_BOXES,
            )
            for names in BOXES
        ]
        return [box for box in boxes if any(one.number is not None for one in box.options)]

    def _options(self, name: str) -> list[Option]:
        parameter = self.form.add_prefix(name)
        chosen = {word.value for word in self.form.cleaned_data[name]}
        if not isinstance(self.filters[name], FacetFilter):
            return [
                Option(parameter, word.value, word.label, None, word.value in chosen)
                for word in self.words(name)
            ]
        counted = (
            Option(
                parameter,
                word.value,
                word.label,
                self._filtered.number(name, word.token),
                word.value in chosen,
            )
            for word in self.words(name)
        )
        return [option for option in counted if option.number or option.chosen]

    @cached_property
    def parameters(self) -> list[tuple[str, str, str]]:
        """The known parts of the query string as (parameter, value, label), without the page number."""
        cleaned = self.form.cleaned_data
        known = [("q", self.text, f"„{short(self.text)}“")] if self.text else []
        if place := self.typed_place:
            near = self.answer.place.label if self.answer.place else f"„{short(place)}“"
            known.append(("ort", place, _("in der Nähe von %(place)s") % {"place": near}))
        known += [
            ("wort", word, _("„%(word)s“ als Wort") % {"word": word}) for word in cleaned["wort"]
        ]
        for name in self.filters:
            if name not in ("q", "ort", "wort"):
                parameter = self.form.add_prefix(name)
                known += [(parameter, word.value, word.label) for word in cleaned[name]]
        return known

    @cached_property
    def query(self) -> str:
        """The query string in canonical form, without the page number."""
        return urlencode([(name, value) for name, value, _label in self.parameters])

    @cached_property
    def unsorted_query(self) -> str:
        """The same without the order: what feeds are about."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        return urlencode([pair for pair in pairs if pair[0] != "sortierung"])

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters, each with the query string that removes it."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        return [
            Chip(label, urlencode([pair for pair in pairs if pair != (name, value)]))
            for name, value, label in self.parameters
            if name != "sortierung" and (name != "ort" or self.answer.place)
        ]
