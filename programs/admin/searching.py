"""The search of lists: names in any spelling, among millions of rows.

Indexes of trigrams over the folded columns find a word of three letters and more anywhere in the text.
A shorter one is looked for where a word begins. In few rows that costs nothing; in many it is what an
index can answer.
"""

import re
from collections.abc import Iterable
from functools import reduce
from itertools import groupby
from operator import and_
from typing import Any, cast

from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal

from programs.models.entries import Fold
from programs.united import united

from .folded_order import FoldedOrderMixin
from .long_lists import COUNTED, among, counted_to, expected_of_each, walked
from .typed import M

FOLDED_COLUMNS = frozenset({"search_names", "search_text"})
"""Columns that the database stores in folded form (:class:`Fold`)."""
MOST_TERMS = 8
"""Maximum number of words in a search of the administration; each word asks the indexes once more."""
MANY = 5_000
"""More rows than this are not looked up, but found by reading the list in its order until a page is full."""
PAGE = 50
"""Rows of a page of a list."""
_WANTED = "wanted_rows"
_UMLAUT = re.compile("[aou]e")


class FoldSearchMixin(FoldedOrderMixin[M]):
    """Search that ignores case, accents and different spellings of umlauts.

    Each word must occur in at least one of ``search_fields`` (plain names, no lookups). Quotation
    marks keep words together.
    """

    searches_apart = False
    """Whether ``search_fields`` are in several tables, and the list may become long: see :func:`with_words`."""

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", search_term: str
    ) -> "tuple[models.QuerySet[M], bool]":
        words = search_terms(search_term)[:MOST_TERMS]
        return (self.find_words(request, queryset, words) if words else queryset), False

    def find_words(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", words: list[str]
    ) -> "models.QuerySet[M]":
        if self.searches_apart:
            fields = self.get_search_fields(request)
            return with_words(queryset, fields, words, wanted=wanted_of(request))
        for word in words:
            queryset = self.find_word(request, queryset, word)
        return counted_to(queryset, most_counted(words))

    def find_word(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", word: str
    ) -> "models.QuerySet[M]":
        return queryset.filter(folded(self.get_search_fields(request), word))


def search_terms(text: str) -> list[str]:
    """The words of ``text``; „"Anna Maria"“ is one. NUL characters are removed: PostgreSQL rejects them."""
    terms = smart_split(text.replace("\x00", ""))
    return [
        unescape_string_literal(term)
        if term[0] == term[-1] and term[0] in "\"'" and len(term) > 1
        else term
        for term in terms
    ]


def folded(fields: Iterable[str], word: str) -> Q:
    """Condition: one of ``fields`` contains ``word``. The database folds both before it compares."""
    wanted = Fold(Value(word))
    found = Q(pk__in=())
    for name in fields:
        column = name if name.rpartition("__")[2] in FOLDED_COLUMNS else f"{name}__folded"
        if is_short(word):
            found |= Q(**{f"{column}__startswith": wanted})
            found |= Q(**{f"{column}__contains": Concat(Value(" "), wanted)})
        else:
            found |= Q(**{f"{column}__contains": wanted})
    return found


def with_words(
    rows: QuerySet[M], fields: Iterable[str], words: list[str], *, wanted: int
) -> QuerySet[M]:
    """Those of ``rows`` in which each of ``words`` is in one of ``fields``.

    Where the fields are in several tables, no index answers „one of them“. In a long list, words are then
    looked up in each table, all of them in the fields of one table. If that finds :data:`MANY`, or reads more
    than that, the list is read in its order until the page of ``wanted`` rows is full.
    """
    names = sorted(fields, key=_table)
    by_table = {table: list(one) for table, one in groupby(names, key=_table)}
    alone = [rows.filter(all_of(one, words)) for one in by_table.values()]
    there = [_there(rows.model, table, one, words) for table, one in by_table.items()]
    number, *numbers = expected_of_each([rows, *alone, *there])
    if number <= most_counted(words):
        return rows.filter(all_of(names, words))
    hits, looked_up = sum(numbers[: len(alone)]), sum(numbers[len(alone) :])
    if hits > MANY or is_met_sooner(number, hits, looked_up, wanted):
        return walked(rows.filter(all_of(names, words)), 1)
    found = (one.order_by().values("pk") for one in alone)
    return among(rows, united(*found, repeated=False))


def _there(
    model: type[models.Model], table: str, fields: list[str], words: list[str]
) -> QuerySet[Any]:
    """All rows with ``words`` of the table that the path ``table`` leads to."""
    for name in table.split("__") if table else ():
        model = cast("type[models.Model]", model._meta.get_field(name).related_model)
    return model._default_manager.filter(all_of([one.rpartition("__")[2] for one in fields], words))


def is_met_sooner(rows: int, hits: int, looked_up: int, wanted: int) -> bool:
    """Whether ``wanted`` of the ``hits`` are met in the first of ``rows`` sooner than all are looked up.

    One that is met on the way costs about twice as much as one that an index names. Where more than
    :data:`MANY` would be met, PostgreSQL itself may rather read whole tables.
    """
    return 2 * rows * wanted < looked_up * hits and rows * wanted < MANY * hits


def wanted_of(request: HttpRequest) -> int:
    """How many rows of a search are shown at once."""
    wanted: int = getattr(request, _WANTED, PAGE)
    return wanted


def set_wanted(request: HttpRequest, number: int) -> None:
    setattr(request, _WANTED, number)


def all_of(fields: Iterable[str], words: Iterable[str]) -> Q:
    """Condition: each of ``words`` is in one of ``fields``."""
    names = list(fields)
    return reduce(and_, (folded(names, word) for word in words))


def _table(name: str) -> str:
    return name.rpartition("__")[0]


def most_counted(words: Iterable[str]) -> int:
    """How many rows may be expected for ``words``: of a short one an index knows little, so each row is folded."""
    return MANY if any(map(is_short, words)) else COUNTED


def is_short(word: str) -> bool:
    """Whether ``word`` has, once folded, less than the three letters of a trigram."""
    return len(_UMLAUT.sub("a", word.lower())) < 3
