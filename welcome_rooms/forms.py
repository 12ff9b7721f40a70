"""The form in which the people of a room say how many came."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _

from programs.meanwhile import MeanwhileMixin

from .models import VisitCount, WelcomeRoom
from .models.visits import MOST_VISITORS
from .visits import Cell, Count, offers_on


class Row(NamedTuple):
    """The two fields of one offer on one day."""

    number: forms.BoundField
    is_estimate: forms.BoundField


class CountsForm(MeanwhileMixin, forms.Form):
    """Numbers for each offer on each of ``days``. An empty number removes the count."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, room: WelcomeRoom, days: list[datetime.date]
    ) -> None:
        super().__init__(data)
        self.cells: dict[Cell, str] = {}
        found = VisitCount.objects.filter(room=room, day__in=days)
        kept = {(count.day, count.offer_id): count for count in found}
        for day in days:
            offers = offers_on(room, day, kept)
            for offer in offers:
                self._ask(day, offer.pk, offer.title, kept)
            self._ask(day, None, _("Alles andere") if offers else _("Besuche"), kept)
        self.watch()

    def _ask(
        self, day: datetime.date, offer: int | None, label: str, kept: Mapping[Cell, VisitCount]
    ) -> None:
        name = f"{day:%Y%m%d}-{offer or 'rest'}"
        count = kept.get((day, offer))
        self.cells[day, offer] = name
        self.fields[name] = forms.IntegerField(
            label=label, required=False, min_value=0, max_value=MOST_VISITORS
        )
        self.fields[_estimate(name)] = forms.BooleanField(label=_("geschätzt"), required=False)
        self.initial[name] = count and count.number
        self.initial[_estimate(name)] = bool(count and count.is_estimate)

    def rows_of(self, day: datetime.date) -> list[Row]:
        return [
            Row(self[name], self[_estimate(name)])
            for (on, _offer), name in self.cells.items()
            if on == day
        ]

    def clean(self) -> None:
        self.settle()

    def counts(self) -> dict[Cell, Count | None]:
        """What the user has changed."""
        changed = set(self.changed_data)
        return {
            cell: self._count(name)
            for cell, name in self.cells.items()
            if changed & {name, _estimate(name)}
        }

    def _count(self, name: str) -> Count | None:
        number = self.cleaned_data[name]
        return None if number is None else Count(number, self.cleaned_data[_estimate(name)])


def _estimate(name: str) -> str:
    return f"{name}-geschaetzt"
