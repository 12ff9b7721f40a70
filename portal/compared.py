"""Compares what the city once counted with what the directory knows.

The two differ on purpose: the city's figure is of one day, the directory holds what somebody found with a
name and a source. Nothing here is written down; both numbers are counted when they are shown.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from portal.figures.key_figures import Series
from programs.models import District, Entry, Organisation
from programs.requests import AnyUser

COUNTED = {
    "freundeskreise": Organisation.Type.CIRCLE,
    "initiativen-und-projekte": Organisation.Type.INITIATIVE,
}
"""Series of a key figure → the type of organisation that it counts."""


@dataclass(frozen=True)
class Compared:
    """A counted figure, and what the directory knows of the same type."""

    series: Series
    active: int
    ended: int
    drafts: int

    @property
    def counted(self) -> int:
        return self.series.latest.value

    @property
    def known(self) -> int:
        """What the public can see: that which goes on, pauses or has ended."""
        return self.active + self.ended

    @property
    def unknown(self) -> int:
        """How many of the counted ones have no entry at all, at least."""
        return max(0, self.counted - self.known - self.drafts)


def compare(all_series: list[Series]) -> dict[str, Compared]:
    """Series → comparison, for the series that count organisations; one query."""
    numbers: Counter[tuple[str, str]] = Counter()
    rows = Organisation.objects.filter(type__in=COUNTED.values()).order_by()
    for row in rows.values("type", "status", "is_published").annotate(number=Count("pk")):
        state = row["status"] if row["is_published"] else "draft"
        numbers[row["type"], "active" if state == "paused" else state] += row["number"]
    return {
        series.slug: Compared(
            series,
            active=numbers[kind, Entry.Status.ACTIVE],
            ended=numbers[kind, Entry.Status.ENDED],
            drafts=numbers[kind, "draft"],
        )
        for series in all_series
        if (kind := COUNTED.get(series.slug))
    }


@dataclass(frozen=True)
class Missing:
    """What staff have to look for, so that both numbers meet."""

    compared: Compared
    drafts: list[Organisation]
    unconfirmed: list[Organisation]
    undated: list[Organisation]
    districts: list[District]
    """Stadtbezirke without any active circle; other organisations work in the whole city."""


def missing(compared: Iterable[Compared], user: AnyUser) -> list[Missing]:
    """The lists behind each comparison; two queries. Only organisations that ``user`` may see."""
    visible = Entry.objects.visible_to(user).values("pk")
    counted = Organisation.objects.filter(type__in=COUNTED.values(), pk__in=visible)
    seen = list(counted.order_by("title"))
    return [_missing(one, seen) for one in compared]


def _missing(compared: Compared, seen: list[Organisation]) -> Missing:
    kind = COUNTED[compared.series.slug]
    found = [one for one in seen if one.type == kind]
    shown = [one for one in found if one.is_published and not one.is_ended]
    return Missing(
        compared,
        drafts=[one for one in found if not one.is_published],
        unconfirmed=[one for one in shown if not one.is_confirmed],
        undated=[one for one in shown if one.as_of is None],
        districts=_uncovered() if kind == Organisation.Type.CIRCLE else [],
    )


def _uncovered() -> list[District]:
    active = Organisation.objects.filter(
        type=Organisation.Type.CIRCLE, is_published=True, status=Entry.Status.ACTIVE
    )
    # Without this condition the list would hold a NULL, and „not in“ would find nothing.
    covered = active.filter(districts__isnull=False).values("districts")
    return list(District.objects.exclude(pk__in=covered))
