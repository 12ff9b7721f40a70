"""The schematic map covers the city without gaps and shows which districts are neighbours."""

import json
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from math import dist
from types import SimpleNamespace

import pytest

from portal.map import CELLS_FILE, LEVELS, Cell, Point, level, load_cells, map_cells

Edge = tuple[Point, Point]

WIDTH, HEIGHT = 720, 744
"""As in the ``viewBox`` of ``templates/_map.html``."""

DISTRICTS_FILE = CELLS_FILE.with_name("districts.json")
SHORTEST_VISIBLE_SIDE = 20
"""Units of the drawing; on a phone about 10 pixels."""


def edges(cell: Cell) -> tuple[Edge, ...]:
    """The sides of a cell, the smaller corner first, so that neighbours have equal sides."""
    ends = pairwise((*cell.corners, cell.corners[0]))
    return tuple((min(a, b), max(a, b)) for a, b in ends)


def touching_pairs() -> set[tuple[str, str]]:
    """Pairs of district numbers whose cells share a side, the smaller number first."""
    owners: dict[Edge, list[str]] = defaultdict(list)
    for cell in load_cells():
        for edge in edges(cell):
            owners[edge].append(cell.number)
    return {(min(pair), max(pair)) for pair in owners.values() if len(pair) == 2}


def neighbour_pairs() -> set[tuple[str, str]]:
    rows = json.loads(DISTRICTS_FILE.read_text(encoding="utf-8"))
    return {
        (min(row["number"], other), max(row["number"], other))
        for row in rows
        for other in row["neighbours"]
    }


def cross(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def sides_cross(one: Edge, other: Edge) -> bool:
    """Whether two sides really cross; meeting in a corner does not count."""
    (a, b), (c, d) = one, other
    return cross(a, b, c) * cross(a, b, d) < 0 and cross(c, d, a) * cross(c, d, b) < 0


def area_twice(corners: tuple[Point, ...]) -> int:
    closed = (*corners, corners[0])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed)))


def holds(cell: Cell, point: Point) -> bool:
    """Whether ``point`` lies inside the cell (even-odd rule)."""
    x, y = point
    inside = False
    for a, b in edges(cell):
        if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
            inside = not inside
    return inside


def outline() -> list[Edge]:
    """The sides that belong to one cell only."""
    owners = Counter(edge for cell in load_cells() for edge in edges(cell))
    return [edge for edge, number in owners.items() if number == 1]


def test_every_district_has_one_cell() -> None:
    assert [cell.number for cell in load_cells()] == [f"{n:02}" for n in range(1, 24)]


def test_cells_and_labels_lie_in_the_drawing() -> None:
    for cell in load_cells():
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in cell.corners), cell.number
        assert holds(cell, cell.label), cell.number
        assert holds(cell, cell.narrow_label), cell.number


def test_no_sides_cross() -> None:
    pairs = list(combinations({edge for cell in load_cells() for edge in edges(cell)}, 2))
    assert pairs
    assert not [pair for pair in pairs if sides_cross(*pair)]


def test_cells_tile_the_city_without_gap_or_overlap() -> None:
    """The outline is one closed ring, and the cells' areas add up to the area in it."""
    following: dict[Point, list[Point]] = {}
    for a, b in outline():
        following.setdefault(a, []).append(b)
        following.setdefault(b, []).append(a)
    assert all(len(ends) == 2 for ends in following.values())
    start = min(following)
    ring, here, before = [start], following[start][0], start
    while here != start:
        ring.append(here)
        here, before = next(p for p in following[here] if p != before), here
    assert len(ring) == len(following)
    assert area_twice(tuple(ring)) == sum(area_twice(cell.corners) for cell in load_cells())


def test_cells_touch_exactly_where_districts_are_neighbours() -> None:
    """All 49 pairs of neighbours share a side, and no other pair does."""
    expected = neighbour_pairs()
    assert len(expected) == 49
    assert touching_pairs() == expected


def test_shared_borders_are_long_enough_to_see() -> None:
    length: Counter[tuple[str, str]] = Counter()
    for one, other in combinations(load_cells(), 2):
        for a, b in set(edges(one)) & set(edges(other)):
            length[one.number, other.number] += int(dist(a, b))
    assert length
    assert min(length.values()) >= SHORTEST_VISIBLE_SIDE


@pytest.mark.parametrize(
    ("count", "highest", "shade"),
    [(0, 0, 0), (0, 12, 0), (1, 12, 1), (3, 12, 1), (4, 12, 2), (12, 12, LEVELS), (1, 1, LEVELS)],
)
def test_shade_follows_share_of_highest_count(count: int, highest: int, shade: int) -> None:
    assert level(count, highest=highest) == shade


def test_map_cells_carry_district_and_count() -> None:
    districts = [SimpleNamespace(number="01"), SimpleNamespace(number="20")]
    mitte, vaihingen = map_cells(districts, {"20": 8})
    assert (mitte.district.number, mitte.count, mitte.level) == ("01", 0, 0)
    assert (vaihingen.count, vaihingen.level) == (8, LEVELS)
    assert vaihingen.points.count(",") == len(vaihingen.cell.corners)
