"""Charts as SVG: a line over months, and bars beside each other. A table beside each holds the same values."""

from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 640, 220
"""Units of the view box."""
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 28, 26
"""Space for labels around the drawing."""
MOST_LABELS = 7
BAR_HEIGHT, BAR_STEP, NAME_WIDTH, VALUE_WIDTH = 18, 26, 220, 110


class Point(NamedTuple):
    """One month: its label, the text of its value, and where it stands; no height if there is no number."""

    label: str
    text: str
    x: float
    y: float | None
    is_labelled: bool


class Line(NamedTuple):
    """A line over time, from zero; it has a gap where no number is told."""

    title: str
    points: list[Point]
    parts: list[str]
    highest: str

    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM

    @property
    def drawn(self) -> list[Point]:
        return [point for point in self.points if point.y is not None]


class Bar(NamedTuple):
    """One bar, with the text of its value; without a width if no number is told."""

    label: str
    text: str
    y: int
    width: float

    @property
    def middle(self) -> int:
        return self.y + BAR_HEIGHT // 2 + 5

    @property
    def end(self) -> float:
        return NAME_WIDTH + self.width + 8


class Bars(NamedTuple):
    """Bars from zero, one below the other."""

    title: str
    bars: list[Bar]

    width: int = WIDTH
    start: int = NAME_WIDTH
    thick: int = BAR_HEIGHT

    @property
    def height(self) -> int:
        return len(self.bars) * BAR_STEP + 8


def line(title: str, points: list[tuple[str, str, Decimal | None]]) -> Line:
    """A line through (label, text, number); every label that has room is written."""
    numbers = [number for _label, _text, number in points if number is not None]
    highest = max([*numbers, Decimal(1)])
    step = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    every = -(-len(points) // MOST_LABELS)
    placed = [
        Point(
            label,
            text,
            round(LEFT + step * index, 1),
            None if number is None else _height(number, highest),
            index % every == 0,
        )
        for index, (label, text, number) in enumerate(points)
    ]
    top = next((text for _label, text, number in points if number == highest), "")
    return Line(title, placed, _parts(placed), top)


def _height(number: Decimal, highest: Decimal) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(number / highest), 1)


def _parts(points: list[Point]) -> list[str]:
    """The corners of each unbroken piece of the line."""
    parts: list[list[str]] = [[]]
    for point in points:
        if point.y is None:
            parts.append([])
        else:
            parts[-1].append(f"{point.x},{point.y}")
    return [" ".join(part) for part in parts if len(part) > 1]


def bars(title: str, rows: list[tuple[str, str, Decimal | None]]) -> Bars:
    """Bars for (label, text, number)."""
    highest = max([number for _label, _text, number in rows if number is not None] + [Decimal(1)])
    room = WIDTH - NAME_WIDTH - VALUE_WIDTH
    drawn = [
        Bar(
            label if len(label) <= 30 else f"{label[:29]}…",
            text,
            index * BAR_STEP + 4,
            round(room * float((number or Decimal(0)) / highest), 1),
        )
        for index, (label, text, number) in enumerate(rows)
    ]
    return Bars(title, drawn)
