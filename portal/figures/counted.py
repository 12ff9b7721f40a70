"""What the portal has counted, for everybody: of each figure of the whole city the newest month that is published."""

import datetime
from typing import NamedTuple

from .measures import MEASURES, Split, Words
from .models import Figure
from .values import Value, told


class Counted(NamedTuple):
    label: Words
    text: str
    """Rounded as everybody reads it."""
    stand: datetime.date
    source: str


def newest_of_the_city() -> list[Counted]:
    """In the order of ``MEASURES``, each with its own Stand; without those of which nothing is told. One query."""
    rows = (
        Figure.objects.months()
        .filter(split=Split.TOTAL, measure__in=list(MEASURES))
        .order_by("measure", "-stand", "-revision")
        .distinct("measure")
    )
    found = [Value(*row) for row in rows.values_list(*Value._fields)]
    newest = {one.measure: one for one in found if one.shown is not None}
    return [
        Counted(measure.label, told(one), one.stand, one.source)
        for slug, measure in MEASURES.items()
        if (one := newest.get(slug)) is not None
    ]
