"""The catalogue's filters: facets with counts, search, sort order, all from the address.

Every facet value is a token in ``Entry.facets``. Values of one facet widen the choice (any of
them), facets narrow it (all of them). Whatever an address says gives a normal page: unknown
values, control characters and overlong words are dropped here.
"""

import re
from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self, cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import CharField, Count, F, Func
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from programs import vocabulary
from programs.models import EntryQuerySet
from programs.vocabulary import Word

MAX_QUERY = 120
"""Characters of a search; what follows is cut off."""


class Unnest(Func):
    """One row for every element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


def token_counts(entries: EntryQuerySet) -> dict[str, int]:
    """How many of ``entries`` carry each facet token; one query."""
    rows = entries.order_by().annotate(token=Unnest("facets")).values_list("token")
    return dict(rows.annotate(number=Count("*")))


class Tokens(Func):
    """An array as one text with blanks, which is quicker to read than a list."""

    template = "array_to_string(%(expressions)s, ' ')"
    output_field = CharField()


class WordsField(forms.Field):
    """The known ones among the values given for a facet."""

    widget = forms.MultipleHiddenInput  # only reads the address; the page writes its own boxes

    def __init__(self, *, words: list[Word], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def clean(self, value: list[str] | None) -> list[Word]:
        given = set(value or ())
        return [word for word in self.words if word.value in given]


class SearchField(forms.Field):
    """What somebody typed, without control characters, in one line."""

    def clean(self, value: str | None) -> str:
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value or "")[:MAX_QUERY].split())


class WordFilter(django_filters.Filter):
    """A choice among the words of ``facet``; by itself it narrows nothing."""

    field_class = WordsField

    def __init__(self, facet: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.facet = facet

    def __deepcopy__(self, memo: Any) -> Self:
        """Every page copies its filters; only their own dictionary is ever changed."""
        copied = copy(self)
        copied.extra = dict(self.extra)
        return copied


class FacetFilter(WordFilter):
    """Entries that carry any of the chosen tokens."""

    def tokens(self, value: list[Word]) -> list[str]:
        return [word.token for word in value]


class DistrictFilter(FacetFilter):
    """The chosen districts, with their neighbours when ``umkreis`` is ticked."""

    def tokens(self, value: list[Word]) -> list[str]:
        tokens = super().tokens(value)
        nearby = tokens and self.parent.form.cleaned_data["umkreis"]
        return sorted(vocabulary.neighbour_tokens(tokens)) if nearby else tokens


class SearchFilter(django_filters.Filter):
    field_class = SearchField


class Option(NamedTuple):
    """A value of a facet: how many entries it gives with the other facets as they are."""

    name: str
    value: str
    label: str
    number: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices that the page shows as one box; a long one can be folded up."""

    label: str
    options: list[Option]
    is_long: bool

    @property
    def is_active(self) -> bool:
        return any(option.chosen for option in self.options)


class Chip(NamedTuple):
    """An active filter, and the query string of the page without it."""

    label: str
    query: str


def sort_orders() -> list[Word]:
    """Ways to sort; the token is empty because no entry is left out."""
    return [
        Word("", "treffer", _("Beste Treffer")),
        Word("", "empfohlen", _("Empfohlen")),
        Word("", "a-z", _("A–Z")),
        Word("", "neu", _("Neueste zuerst")),
    ]


RANK = """CASE WHEN programs_entry.status = 'active' AND programs_entry.accepts_sign_ups THEN 0
    WHEN programs_entry.status = 'active' THEN 2
    WHEN programs_entry.status = 'paused' THEN 4
    ELSE 6
END + (programs_entry.confirmed_on IS NULL AND NOT programs_entry.evidence_confirmed)::int"""
"""0 for what takes sign-ups, then active, paused and ended entries; of each the confirmed ones first.

As text, since Django takes longer to write this than the database to work it out.
"""
BY_NAME = F("search_names")
"""Begins with the title, folded, so that Ä stands beside A."""
RECOMMENDED = (RawSQL(RANK, ()), BY_NAME, "pk")  # noqa: S611


def recommended(entries: EntryQuerySet) -> EntryQuerySet:
    """What takes sign-ups first, then what is confirmed, by name."""
    return entries.order_by(*RECOMMENDED)


OPEN_FACETS = (("art",), ("ohne_deutsch", "fuer_neue"))
FOLDED_FACETS = (("bezirk", "umkreis"), ("feld",), ("gruppe",), ("tag",), ("zeit",), ("sprache",))
"""The filters that share a box, in the order of the page; the first one names the box."""


class CatalogueForm(forms.Form):
    """The filter as a form; never shown as one, since the page writes its own boxes."""

    def add_prefix(self, field_name: str) -> str:
        """Names in addresses are written with hyphens."""
        return super().add_prefix(field_name).replace("_", "-")


class CatalogueFilter(django_filters.FilterSet):
    """All that can be joined, as the address asks for it. Needs ``is_valid()`` first, which never fails."""

    q = SearchFilter(label=_lazy("Suche"))
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
    sortierung = WordFilter("sort", label=_lazy("Sortierung"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = vocabulary.words() | {
            "nearby": [Word("", "1", _("auch Nachbarbezirke"))],
            "sort": sort_orders(),
        }
        for one in self.filters.values():
            if isinstance(one, WordFilter):
                one.extra["words"] = words[one.facet]

    @cached_property
    def form(self) -> CatalogueForm:
        """As django-filter makes it, but without a class of its own for every request."""
        form = CatalogueForm(self.data)
        form.fields = {name: one.field for name, one in self.filters.items()}
        return form

    @cached_property
    def tokens(self) -> dict[str, list[str]]:
        """The tokens asked for, by facet; facets without a choice are left out."""
        found = {
            name: facet.tokens(self.form.cleaned_data[name])
            for name, facet in self.filters.items()
            if isinstance(facet, FacetFilter)
        }
        return {name: tokens for name, tokens in found.items() if tokens}

    @property
    def text(self) -> str:
        return str(self.form.cleaned_data["q"])

    @cached_property
    def hits(self) -> list[tuple[int, str]]:
        """What the search finds, best first, before the facets: keys and tokens.

        One query; a second one looks for similar names when nothing holds the words typed.
        """
        if not self.text:
            return self._read(self.queryset)
        found = self._read(self.queryset.search(self.text))
        self.is_similar = not found
        return found or self._read(self.queryset.search_similar(self.text))

    is_similar = False
    """Whether ``hits`` only sound like what was typed."""

    def _read(self, entries: EntryQuerySet) -> list[tuple[int, str]]:
        return list(entries.order_by(*self.sort_order).values_list("pk", Tokens("facets")))

    @cached_property
    def _sifted(self) -> tuple[list[int], dict[str, Counter[str]]]:
        """Keys of the entries that every facet lets through, and the counts of tokens.

        The counts are those under «» with every facet applied, and under each active facet's name
        with that facet left aside. One pass over the hits; that is quicker than asking the
        database once for each facet as long as there are some thousand entries.
        """
        wanted = {name: frozenset(tokens) for name, tokens in self.tokens.items()}
        keys: list[int] = []
        carried: dict[str, list[str]] = {name: [] for name in ("", *wanted)}
        for key, text in self.hits:
            own = text.split() if wanted else ()
            missed = [name for name, words in wanted.items() if words.isdisjoint(own)]
            if not missed:
                keys.append(key)
                carried[""].append(text)
            elif len(missed) == 1:
                carried[missed[0]].append(text)
        counts = {name: Counter(" ".join(texts).split()) for name, texts in carried.items()}
        for name in wanted:
            counts[name].update(counts[""])
        return keys, counts

    @property
    def keys(self) -> list[int]:
        """The keys of the entries found, in order."""
        return self._sifted[0]

    @property
    def sort(self) -> str:
        """The order asked for; searches show their best hits first, all else what is open."""
        chosen = [word.value for word in self.form.cleaned_data["sortierung"]]
        order = chosen[0] if chosen else "treffer"
        return "empfohlen" if order == "treffer" and not self.text else order

    @property
    def sort_orders(self) -> list[Word]:
        """The orders to choose from; best hits first makes sense for searches only."""
        return [word for word in self.words("sortierung") if self.text or word.value != "treffer"]

    @property
    def sort_order(self) -> list[Any]:
        orders: dict[str, list[Any]] = {
            "treffer": [F("rank").desc() if self.text else BY_NAME, "title", "pk"],
            "empfohlen": [*RECOMMENDED],
            "a-z": [BY_NAME, "pk"],
            "neu": [F("created_at").desc(), "title", "pk"],
        }
        return orders[self.sort]

    def words(self, name: str) -> list[Word]:
        return cast("WordsField", self.form.fields[name]).words

    @property
    def districts(self) -> dict[str, str]:
        """Token → name of the districts, for cards."""
        return vocabulary.labels(self.words("bezirk"))

    @cached_property
    def facets(self) -> list[Facet]:
        """The boxes of the filter; options that would show nothing are left out."""
        boxes = [
            Facet(
                label=str(self.filters[names[0]].label),
                options=[option for name in names for option in self._options(name)],
                is_long=names not in OPEN_FACETS,
            )
            for names in (*OPEN_FACETS, *FOLDED_FACETS)
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
        counts = self._sifted[1].get(name, self._sifted[1][""])
        return [
            Option(parameter, word.value, word.label, counts[word.token], word.value in chosen)
            for word in self.words(name)
            if word.token in counts or word.value in chosen
        ]

    @cached_property
    def parameters(self) -> list[tuple[str, str, str]]:
        """What the address says as far as it is known: parameter, value, label; without the page."""
        cleaned = self.form.cleaned_data
        known = [("q", self.text, f"„{self.text}“")] if self.text else []
        for name in self.filters:
            if name != "q":
                parameter = self.form.add_prefix(name)
                known += [(parameter, word.value, word.label) for word in cleaned[name]]
        return known

    @cached_property
    def query(self) -> str:
        """The address's query without the page, in its plainest form."""
        return urlencode([(name, value) for name, value, _label in self.parameters])

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters; each with the query that is left when it is taken away."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        return [
            Chip(label, urlencode([pair for pair in pairs if pair != (name, value)]))
            for name, value, label in self.parameters
            if name != "sortierung"
        ]
