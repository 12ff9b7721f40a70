"""The schematic map: 23 cells that fit together, one per district.

The cells were computed once from label points, areas and neighbour lists: two cells share an edge
exactly when the districts are neighbours. Neither areas nor outlines are to scale.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

CELLS_FILE = Path(__file__).parent / "data" / "district_cells.json"
LEVELS = 4
"""Shades above none; ``map-cell--0`` to ``map-cell--4`` in the style sheet."""

Point = tuple[int, int]


class HasNumber(Protocol):
    """A district, as far as the map knows it."""

    @property
    def number(self) -> str: ...


DistrictT = TypeVar("DistrictT", bound=HasNumber)


@dataclass(frozen=True)
class Cell:
    """A polygon and its lettering, in units of a drawing of 720 by 744; y grows downwards."""

    number: str
    corners: tuple[Point, ...]
    label: Point
    """Middle of the block of name and count, the name on one line."""
    narrow_label: Point
    """The same with the name on ``lines``, for narrow screens."""
    lines: tuple[str, ...]

    @property
    def points(self) -> str:
        """The corners as the SVG attribute ``points``."""
        return " ".join(f"{x},{y}" for x, y in self.corners)


@dataclass(frozen=True)
class MapCell(Generic[DistrictT]):
    """A cell with what it shows."""

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


@cache
def load_cells() -> tuple[Cell, ...]:
    """All cells, ordered by the number of the district."""
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
    """The shade of a cell: 0 for none, 1 to ``LEVELS`` by its share of the highest count."""
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
