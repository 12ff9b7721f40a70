"""The catalogue as the database answers: what the entries in memory have to agree with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import CharField, Count, Func, Q
from django.db.models.expressions import RawSQL

from portal.catalogue import recommended
from portal.catalogue.order import sort_order
from portal.search.index import ENOUGH, FITS, TITLE, Index, Wish
from portal.search.sets import positions
from portal.search.shelf import STATE
from programs.models import Entry


class Unnest(Func):
    """One row for every element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


def token_counts(entries: Any) -> dict[str, int]:
    """How many of ``entries`` carry each facet token."""
    rows = entries.order_by().annotate(token=Unnest("facets")).values_list("token")
    return dict(rows.annotate(number=Count("*")))


def state_counts(entries: Any) -> dict[str, int]:
    """How many of ``entries`` are in each :data:`portal.search.shelf.STATE`."""
    rows = entries.order_by().annotate(state=RawSQL(STATE, ())).values_list("state")  # noqa: S611
    return dict(rows.annotate(number=Count("*")))


def in_state(state: str) -> Any:
    return Entry.objects.joinable().annotate(state=RawSQL(STATE, ())).filter(state=state)  # noqa: S611


def carrying(entries: Any, chosen: Mapping[str, Sequence[str]]) -> Any:
    """Facets with AND, the tokens of one facet with OR."""
    for tokens in chosen.values():
        any_of = Q()
        for token in tokens:
            any_of |= Q(facets__contains=[token])
        entries = entries.filter(any_of)
    return entries


def keys(chosen: Mapping[str, Sequence[str]], state: str, order: str) -> list[int]:
    found = carrying(in_state(state), chosen)
    # „Empfohlen“ alternates the kinds among all entries, before facets apply.
    if order == "empfohlen":
        there = set(found.values_list("pk", flat=True))
        everything = recommended(Entry.objects.joinable()).values_list("pk", flat=True)
        return [key for key in everything if key in there]
    return list(found.order_by(*sort_order(order)).values_list("pk", flat=True))


def counts(chosen: Mapping[str, Sequence[str]], state: str, facet: str) -> dict[str, int]:
    """Token → how many entries carry it and match the other facets."""
    others = {name: tokens for name, tokens in chosen.items() if name != facet}
    return token_counts(carrying(in_state(state), others))


def besides(chosen: Mapping[str, Sequence[str]], state: str) -> dict[str, int]:
    numbers = state_counts(carrying(Entry.objects.joinable(), chosen))
    return {other: number for other, number in numbers.items() if other != state}


def ranked(index: Index, wishes: Sequence[Wish]) -> list[tuple[int, bool, list[str]]]:
    """Entry by entry what ``Index.rank`` does for groups: key, whether it is partial, what it misses."""
    openness = {at: how for how, those in index.openness.items() for at in positions(those)}
    whole = sum(wish.weight for wish in wishes)
    rows = []
    for at, key in enumerate(index.keys):
        score = covered = 0.0
        answered, partial = [], False
        for wish in wishes:
            how_well = max(
                [
                    *(
                        quality * (0.55 + 0.45 * weight / TITLE)
                        for stem, quality in wish.stems.items()
                        for weight, entries in index.postings.get(stem, ())
                        if entries >> at & 1
                    ),
                    *(
                        quality
                        for token, quality in wish.facets.items()
                        if index.facets.get(token, 0) >> at & 1
                    ),
                ],
                default=None,
            )
            if how_well is not None:
                score += wish.weight * how_well
                covered += wish.weight * (how_well if wish.facets else 1)
                answered.append(wish)
                partial |= bool(wish.facets) and how_well < FITS
        if answered:
            missed = [one.typed for one in wishes if one.is_known and one not in answered]
            score *= (0.3 + 0.7 * covered / whole) * openness[at]
            rows.append((partial or bool(missed), -score, key, missed, covered))
    enough = ENOUGH * max((row[4] for row in rows), default=0)
    return [
        (key, partial, missed)
        for partial, _s, key, missed, covered in sorted(rows, key=lambda row: row[:3])
        if covered >= enough
    ]
