"""Counting the facet tokens and the states of entries."""

from django.db.models import CharField, Count, Func
from django.db.models.expressions import RawSQL

from portal.search.shelf import STATE
from programs.models import EntryQuerySet


class Unnest(Func):
    """One row for every element of an array."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


def token_counts(entries: EntryQuerySet) -> dict[str, int]:
    """How many of ``entries`` carry each facet token; one query."""
    rows = entries.order_by().annotate(token=Unnest("facets")).values_list("token")
    return dict(rows.annotate(number=Count("*")))


def state_counts(entries: EntryQuerySet) -> dict[str, int]:
    """How many of ``entries`` are in each :data:`portal.search.shelf.STATE`; one query."""
    rows = entries.order_by().annotate(state=RawSQL(STATE, ())).values_list("state")  # noqa: S611
    return dict(rows.annotate(number=Count("*")))
