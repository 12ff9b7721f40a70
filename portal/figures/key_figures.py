"""Key figures as time series, and their charts."""

from itertools import groupby
from typing import NamedTuple

from programs.models.provenance import format_date

from .models import KeyFigure

CHART_WIDTH, CHART_HEIGHT, CHART_TOP = 640, 220, 28
"""In units of the SVG view box. ``CHART_TOP`` is the space above the highest bar, for its value."""


class Bar(NamedTuple):
    """One bar of a chart, in units of the SVG view box."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    label: str
    value: int


class Series(NamedTuple):
    """The values of one figure, oldest first."""

    slug: str
    figures: list[KeyFigure]

    @property
    def latest(self) -> KeyFigure:
        return self.figures[-1]

    @property
    def dated(self) -> list[tuple[str, KeyFigure]]:
        """Every value with its Stand, formatted as precisely as it is known."""
        return [
            (format_date(figure.as_of, figure.as_of_precision), figure)
            for figure in self.figures
            if figure.as_of
        ]

    @property
    def bars(self) -> list[Bar]:
        """The bars of the chart, from zero. Empty for a single value: that needs no chart."""
        if len(self.figures) < 2:
            return []
        step = CHART_WIDTH // len(self.figures)
        highest = max(figure.value for figure in self.figures) or 1
        room = CHART_HEIGHT - CHART_TOP
        return [
            Bar(
                x=index * step + step // 6,
                y=CHART_HEIGHT - (height := round(room * figure.value / highest)),
                width=step - step // 3,
                height=height,
                middle=index * step + step // 2,
                label=stand,
                value=figure.value,
            )
            for index, (stand, figure) in enumerate(self.dated)
        ]


def figure_series() -> list[Series]:
    """All series, sorted by position; the values of each are sorted by Stand. One query."""
    rows = KeyFigure.objects.order_by("series", "as_of")
    series = [Series(slug, list(figures)) for slug, figures in groupby(rows, lambda f: f.series)]
    return sorted(series, key=lambda one: (one.latest.position, one.slug))


def latest_figures() -> list[KeyFigure]:
    """The newest value of every series."""
    return [series.latest for series in figure_series()]
