"""Reads published figures, and says whom they are told exactly."""

import datetime
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as __

from programs.models import Organisation, Programme
from programs.requests import AnyUser

from .measures import Split
from .models import Figure


class Value(NamedTuple):
    """The newest statement of one value; the columns of ``Figure`` that reports need."""

    measure: str
    period: str
    stand: datetime.date
    split: str
    row: str
    label: str
    value: Decimal | None
    people: int | None
    shown: int | None
    low: int | None
    high: int | None
    source: str
    revision: int
    reason: str

    @property
    def key(self) -> tuple[str, str]:
        return self.split, self.row


def values(
    measures: Iterable[str],
    splits: Iterable[str],
    stands: Collection[datetime.date],
    period: str,
) -> list[Value]:
    """One query, oldest Stand first."""
    rows = Figure.objects.filter(
        measure__in=list(measures), split__in=list(splits), stand__in=stands, period=period
    )
    found = [Value(*one) for one in rows.newest().values_list(*Value._fields)]
    return sorted(found, key=lambda one: one.stand)


def stands() -> list[datetime.date]:
    """The months of which something is written down, oldest first."""
    return list(
        Figure.objects.months().order_by("stand").values_list("stand", flat=True).distinct()
    )


class Reader:
    """What somebody is told: exact values of those whose people they see, of all others what everybody reads.

    ``outside`` says that it leaves the house: then everything is told as to everybody.
    """

    def __init__(self, user: AnyUser, *, outside: bool) -> None:
        self.sees_all = user.is_superuser and not outside
        self._own: set[tuple[str, str]] = set()
        if not user.is_superuser and not outside:
            own = Organisation.objects.of(user).values_list("pk", flat=True)
            programmes = Programme.objects.filter(organisation__in=own)
            self._own |= {(str(Split.ORGANISATION), str(pk)) for pk in own}
            pks = programmes.values_list("pk", flat=True)
            self._own |= {(str(Split.PROGRAMME), str(pk)) for pk in pks}

    @property
    def reads_something_exact(self) -> bool:
        return self.sees_all or bool(self._own)

    def reads_exact(self, value: Value) -> bool:
        return self.sees_all or value.key in self._own

    def number(self, value: Value | None) -> Decimal | None:
        """The number behind the text, for charts and sums; None where there is none."""
        if value is None:
            return Decimal(0)
        if self.reads_exact(value):
            return value.value
        return None if value.shown is None else Decimal(value.shown)

    def text(self, value: Value | None) -> str:
        """What is written in a table. Without a row nothing was counted."""
        if value is None:
            return "0"
        if self.reads_exact(value):
            return "–" if value.value is None else exactly(value.value)
        return told(value)


def told(value: Value) -> str:
    """What everybody reads."""
    if value.shown is None or value.low is None or value.high is None:
        return __("nicht ausgewiesen")
    if value.low == 1 and value.high > 1:
        return __("unter %(limit)s") % {"limit": value.high + 1}
    return number_format(value.shown, use_l10n=True)


def exactly(value: Decimal) -> str:
    """Without needless zeros: 7, 2,5."""
    places = 0 if value == value.to_integral_value() else 1
    return number_format(value, places, use_l10n=True)
