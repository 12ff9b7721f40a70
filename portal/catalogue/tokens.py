"""Reading, choosing and counting by the facet tokens of entries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import CharField, Count, Func
from django.db.models.expressions import RawSQL

from portal.search.kept import STATE
from programs.models import EntryQuerySet


class Unnest(Func):
    """One row for every element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


class Tokens(Func):
    """An array as one string, joined with spaces. It is faster to read than a list."""

    template = "array_to_string(%(expressions)s, ' ')"
    output_field = CharField()


def token_counts(entries: EntryQuerySet) -> dict[str, int]:
    """How many of ``entries`` carry each facet token; one query."""
    rows = entries.order_by().annotate(token=Unnest("facets")).values_list("token")
    return dict(rows.annotate(number=Count("*")))


def state_counts(entries: EntryQuerySet) -> dict[str, int]:
    """How many of ``entries`` are in each :data:`portal.search.kept.STATE`; one query."""
    rows = entries.order_by().annotate(state=RawSQL(STATE, ())).values_list("state")  # noqa: S611
    return dict(rows.annotate(number=Count("*")))


class Hit(NamedTuple):
    """An entry before facets apply: its key, its tokens joined with spaces, and its state."""

    key: int
    tokens: str
    state: str


class Filtered(NamedTuple):
    """The entries in the wanted state that match every facet.

    ``counts``: facet → how many entries carry each token; ``""`` with every facet applied, the name of
    an active facet with all facets except that one. ``besides``: how many match in other states.
    """

    hits: list[Hit]
    counts: dict[str, Counter[str]]
    besides: Counter[str]


def filtered(hits: Iterable[Hit], chosen: Mapping[str, Iterable[str]], state: str) -> Filtered:
    """One pass over ``hits``. For some thousand entries that is faster than a query for each facet.

    ``chosen``: facet → the tokens of which an entry must carry one.
    """
    wanted = {name: frozenset(tokens) for name, tokens in chosen.items()}
    listed: list[Hit] = []
    others: Counter[str] = Counter()
    carried: dict[str, list[str]] = {name: [] for name in ("", *wanted)}
    for hit in hits:
        own = hit.tokens.split() if wanted else ()
        missed = [name for name, words in wanted.items() if words.isdisjoint(own)]
        if hit.state != state:
            others[hit.state] += not missed
        elif not missed:
            listed.append(hit)
            carried[""].append(hit.tokens)
        elif len(missed) == 1:
            carried[missed[0]].append(hit.tokens)
    counts = {name: Counter(" ".join(texts).split()) for name, texts in carried.items()}
    for name in wanted:
        counts[name].update(counts[""])
    return Filtered(listed, counts, others)
