"""The schematic map: 23 adjoining cells, one for each district.

The cells were computed once from label points, areas and neighbour lists. Two cells share an edge if
and only if the districts are neighbours. Areas and outlines are not to scale.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

CELLS_FILE = Path(__file__).parent / "data" / "district_cells.json"
LEVELS = 4
"""Number of shades besides 0, which means „none“; CSS classes ``map-cell--0`` to ``map-cell--4``."""

Point = tuple[int, int]


class HasNumber(Protocol):
    """The part of a district that the map uses."""

    @property
    def number(self) -> str: ...


DistrictT = TypeVar("DistrictT", bound=HasNumber)


@dataclass(frozen=True)
class Cell:
    """A polygon and the positions of its text, in units of the 720 × 744 view box; y grows downwards."""

    number: str
    corners: tuple[Point, ...]
    label: Point
    """Middle of the text (name and count), with the name on one line."""
    narrow_label: Point
    """The same with the name broken into ``lines``, for narrow screens."""
    lines: tuple[str, ...]

    @property
    def points(self) -> str:
        """The corners as the SVG attribute ``points``."""
        return " ".join(f"{x},{y}" for x, y in self.corners)


@dataclass(frozen=True)
class MapCell(Generic[DistrictT]):
    """A cell with the data it shows. ``level`` is its shade, see :func:`level`."""

    cell: Cell
    district: DistrictT
    count: int
    level: int

    @property
    def points(self) -> str:
        return self.cell.points

    @property
    def label_x(self) -> int:
        return self.cell.label[0]

    @property
    def label_y(self) -> int:
        return self.cell.label[1]

    @property
    def narrow_x(self) -> int:
        return self.cell.narrow_label[0]

    @property
    def narrow_y(self) -> int:
        return self.cell.narrow_label[1]

    @property
    def lines(self) -> tuple[str, ...]:
        return self.cell.lines


@dataclass(frozen=True)
class MiniCell(Generic[DistrictT]):
    """A cell of the small map. ``district``: the one of the page or a neighbour; None for all others."""

    cell: Cell
    district: DistrictT | None
    is_here: bool

    @property
    def points(self) -> str:
        return self.cell.points


@cache
def load_cells() -> tuple[Cell, ...]:
    """All cells, sorted by district number."""
    rows = json.loads(CELLS_FILE.read_text(encoding="utf-8"))
    return tuple(
        Cell(
            number=row["number"],
            corners=tuple((x, y) for x, y in row["points"]),
            label=(row["label"][0], row["label"][1]),
            narrow_label=(row["narrow_label"][0], row["narrow_label"][1]),
            lines=tuple(row["lines"]),
        )
        for row in rows
    )


def level(count: int, *, highest: int) -> int:
    """The shade of a cell: 0 for no entries, else 1 to ``LEVELS`` in proportion to the highest count."""
    if count <= 0 or highest <= 0:
        return 0
    return min(LEVELS, -(-count * LEVELS // highest))


def map_cells(
    districts: Iterable[DistrictT], counts: Mapping[str, int]
) -> list[MapCell[DistrictT]]:
    """The cells of ``districts`` with ``counts`` by district number, for ``_map.html``."""
    cells = {cell.number: cell for cell in load_cells()}
    highest = max(counts.values(), default=0)
    return [
        MapCell(
            cell=cells[district.number],
            district=district,
            count=counts.get(district.number, 0),
            level=level(counts.get(district.number, 0), highest=highest),
        )
        for district in districts
    ]


def mini_map(here: DistrictT, neighbours: Iterable[DistrictT]) -> list[MiniCell[DistrictT]]:
    """The city with one district and its neighbours, for ``_mini_map.html``."""
    known = {one.number: one for one in (here, *neighbours)}
    return [
        MiniCell(cell, known.get(cell.number), is_here=cell.number == here.number)
        for cell in load_cells()
    ]
