"""The catalogue's filters: facets with counts, search and sort order, all read from the query string.

Every facet value is a token in ``Entry.facets``. Values of one facet are combined with OR, facets
with AND. Every query string gives a normal page: unknown values, control characters and the end of
an overlong search are dropped here.
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

from portal.search.kept import Search
from portal.search.question import MOST_WORDS
from portal.search.words import fold
from programs import vocabulary
from programs.models import EntryQuerySet
from programs.vocabulary import Word

MAX_QUERY = 120
"""Maximum length of a search in characters; the rest is cut off."""


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
    """An array as one string, joined with spaces. It is faster to read than a list."""

    template = "array_to_string(%(expressions)s, ' ')"
    output_field = CharField()


class WordsField(forms.Field):
    """Cleans the values given for a facet to the words it knows; unknown values are dropped."""

    widget = forms.MultipleHiddenInput  # only reads values; the template renders the checkboxes

    def __init__(self, *, words: list[Word], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def clean(self, value: list[str] | None) -> list[Word]:
        given = set(value or ())
        return [word for word in self.words if word.value in given]


class SearchField(forms.Field):
    """The search text as one line, without control characters."""

    def clean(self, value: str | None) -> str:
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value or "")[:MAX_QUERY].split())


class WordFilter(django_filters.Filter):
    """A choice among the words of ``facet``. It does not filter the queryset."""

    field_class = WordsField

    def __init__(self, facet: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.facet = facet

    def __deepcopy__(self, memo: Any) -> Self:
        """A shallow copy is enough and faster: a request changes only ``extra``."""
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


class LiteralField(forms.Field):
    """Words of the question that are looked for as they are, whatever they may mean."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> list[str]:
        return [word[:MAX_QUERY] for word in dict.fromkeys(value or ()) if word][:MOST_WORDS]


class LiteralFilter(django_filters.Filter):
    field_class = LiteralField


class Option(NamedTuple):
    """A value of a facet. ``number``: how many entries match it and the choices in the other facets."""

    name: str
    value: str
    label: str
    number: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Options that the page shows in one box; a long box can be collapsed."""

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
    """The sort orders. Their token is empty because sorting leaves no entry out."""
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
"""Sort key: entries that take sign-ups, then other active, then paused, then ended entries.

Within each group confirmed entries come first. This is raw SQL because Django takes longer to build
the expression than the database to compute it.
"""
BY_NAME = F("search_names")
"""Sorts by title: ``search_names`` begins with the folded title, so that Ä is sorted like A."""
RECOMMENDED = (RawSQL(RANK, ()), BY_NAME, "pk")  # noqa: S611


def recommended(entries: EntryQuerySet) -> EntryQuerySet:
    """Sort by :data:`RANK`, then by name."""
    return entries.order_by(*RECOMMENDED)


OPEN_FACETS = (("art",), ("ohne_deutsch", "fuer_neue"))
FOLDED_FACETS = (("bezirk", "umkreis"), ("feld",), ("gruppe",), ("tag",), ("zeit",), ("sprache",))
"""Filters that share a box, in the order of the page. The first filter gives the box its label."""


class CatalogueForm(forms.Form):
    """Only reads the query string; the template renders the inputs itself."""

    def add_prefix(self, field_name: str) -> str:
        """Parameter names in URLs have hyphens in place of underscores."""
        return super().add_prefix(field_name).replace("_", "-")


class CatalogueFilter(django_filters.FilterSet):
    """Filters entries by the query string. Call ``is_valid()`` first; it never fails."""

    q = SearchFilter(label=_lazy("Suche"))
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
    def text(self) -> str:
        return str(self.form.cleaned_data["q"])

    @cached_property
    def hits(self) -> list[tuple[int, str]]:
        """Primary key and tokens of each entry that the search finds, sorted, before facets apply.

        The best hits come from the index of this process, without a query.
        """
        if self.search is None:
            return self._read(self.queryset)
        keys = [hit.key for hit in self.search.hits]
        if self.sort != "treffer":
            return self._read(self.queryset.filter(pk__in=keys))
        return [(key, self.search.kept.facets[key]) for key in keys]

    @cached_property
    def search(self) -> Search | None:
        """The question to the index, if there is one."""
        literally = {fold(word) for word in self.form.cleaned_data["wort"]}
        return Search(self.text, literally) if self.text else None

    @property
    def missed(self) -> dict[int, list[str]]:
        """Entry → the words of the question that it does not answer."""
        return {hit.key: hit.missed for hit in self.search.hits} if self.search else {}

    @property
    def understood(self) -> list[Chip]:
        """What words of the question are taken for, and the query string that takes them as words."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        understood = self.search.question.understood if self.search else []
        return [
            Chip(f"„{typed}“: {one.label}", urlencode([*pairs, ("wort", typed)]))
            for typed, one in understood
        ]

    def _read(self, entries: EntryQuerySet) -> list[tuple[int, str]]:
        return list(entries.order_by(*self.sort_order).values_list("pk", Tokens("facets")))

    @cached_property
    def _filtered(self) -> tuple[list[int], dict[str, Counter[str]]]:
        """Primary keys of the entries that match every facet, and how many entries carry each token.

        The counts are stored by facet: ``""`` counts with every facet applied, the name of an active
        facet counts with all facets except that one. This takes one pass over the hits. For some
        thousand entries that is faster than one database query for each facet.
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
        """Primary keys of the entries found, sorted."""
        return self._filtered[0]

    @property
    def sort(self) -> str:
        """The chosen sort order. Default: best hits first for a search, else recommended first."""
        chosen = [word.value for word in self.form.cleaned_data["sortierung"]]
        order = chosen[0] if chosen else "treffer"
        return "empfohlen" if order == "treffer" and not self.text else order

    @property
    def sort_orders(self) -> list[Word]:
        """The sort orders to choose from; „best hits first“ only for a search."""
        return [word for word in self.words("sortierung") if self.text or word.value != "treffer"]

    @property
    def sort_order(self) -> list[Any]:
        orders: dict[str, list[Any]] = {
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
        """The boxes of the filter. An option that matches no entry is left out, unless it is chosen."""
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
        counts = self._filtered[1].get(name, self._filtered[1][""])
        return [
            Option(parameter, word.value, word.label, counts[word.token], word.value in chosen)
            for word in self.words(name)
            if word.token in counts or word.value in chosen
        ]

    @cached_property
    def parameters(self) -> list[tuple[str, str, str]]:
        """The known parts of the query string as (parameter, value, label), without the page number."""
        cleaned = self.form.cleaned_data
        known = [("q", self.text, f"„{self.text}“")] if self.text else []
        known += [
            ("wort", word, _("„%(word)s“ als Wort") % {"word": word}) for word in cleaned["wort"]
        ]
        for name in self.filters:
            if name not in ("q", "wort"):
                parameter = self.form.add_prefix(name)
                known += [(parameter, word.value, word.label) for word in cleaned[name]]
        return known

    @cached_property
    def query(self) -> str:
        """The query string in canonical form, without the page number."""
        return urlencode([(name, value) for name, value, _label in self.parameters])

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters, each with the query string that removes it."""
        pairs = [(name, value) for name, value, _label in self.parameters]
        return [
            Chip(label, urlencode([pair for pair in pairs if pair != (name, value)]))
            for name, value, label in self.parameters
            if name != "sortierung"
        ]
