"""The search of lists: names in any spelling, among millions of rows.

Indexes of trigrams over the folded columns find a word of three letters and more anywhere in the text.
A shorter one is looked for where a word begins. In few rows that costs nothing; in many it is what an
index can answer.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal

from programs.models.entries import Fold
from programs.one_row import OneOf

from .folded_order import FoldedOrderMixin
from .long_lists import COUNTED, expected
from .typed import M

FOLDED_COLUMNS = frozenset({"search_names", "search_text"})
"""Columns that the database stores in folded form (:class:`Fold`)."""
MOST_TERMS = 8
"""Maximum number of words in a search of the administration; each word asks the indexes once more."""
_UMLAUT = re.compile("[aou]e")


class FoldSearchMixin(FoldedOrderMixin[M]):
    """Search that ignores case, accents and different spellings of umlauts.

    Each word must occur in at least one of ``search_fields`` (plain names, no lookups). Quotation
    marks keep words together.
    """

    searches_apart = False
    """Whether ``search_fields`` are in several tables, and the list may become long: see :func:`with_word`."""

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", search_term: str
    ) -> "tuple[models.QuerySet[M], bool]":
        for word in search_terms(search_term)[:MOST_TERMS]:
            queryset = self.find_word(request, queryset, word)
        return queryset, False

    def find_word(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", word: str
    ) -> "models.QuerySet[M]":
        fields = self.get_search_fields(request)
        if self.searches_apart:
            return with_word(queryset, fields, word)
        return queryset.filter(folded(fields, word))


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


def with_word(rows: QuerySet[M], fields: Iterable[str], word: str) -> QuerySet[M]:
    """Those of ``rows`` in which one of ``fields`` contains ``word``.

    Where the fields are in several tables, no index answers „one of them“. A rare word is then looked
    up in each table, once for all that a page asks of the list; for a common one the list is read in its
    order until the page is full.
    """
    names = list(fields)
    by_table = groupby(sorted(names, key=_table), key=_table)
    alone = [rows.model._default_manager.filter(folded(one, word)) for _name, one in by_table]
    if len(alone) < 2 or expected(rows) <= COUNTED or any(map(is_common, alone)):
        return rows.filter(folded(names, word))
    first, *others = (one.order_by().values("pk") for one in alone)
    return among(rows, first.union(*others))


def among(rows: QuerySet[M], keys: QuerySet[Any]) -> QuerySet[M]:
    """Those of ``rows`` whose key is among ``keys``, which are read once for all that a page asks of the list.

    If they are very many, PostgreSQL reads them each time.
    """
    found = [key for row in keys[: COUNTED + 1] for key in row.values()]
    return rows.filter(OneOf("pk", found) if len(found) <= COUNTED else Q(pk__in=keys))


def is_common(found: QuerySet[Any]) -> bool:
    """Whether so much is found that it is better not to look it all up."""
    return expected(found) > COUNTED


def _table(name: str) -> str:
    return name.rpartition("__")[0]


def is_short(word: str) -> bool:
    """Whether ``word`` has, once folded, less than the three letters of a trigram."""
    return len(_UMLAUT.sub("a", word.lower())) < 3
