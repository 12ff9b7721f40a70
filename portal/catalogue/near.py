"""How near entries are to a place: in its district, next door, in the whole city, or how far away.

Distances are straight lines on the globe in metres. A way on foot is longer, because streets turn and
Stuttgart has hills: it is taken as ``DETOUR`` times the straight line, at ``SPEED`` metres a minute
(4.5 km an hour). So minutes are an estimate; they are rounded up to five.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.search.places import Place, Point, atlas
from portal.search.shelf import Shelf
from programs import vocabulary
from programs.models import District, Entry

DETOUR = 1.3
SPEED = 75.0
EARTH_RADIUS = 6_371_000
WALK = 30
"""What is so many minutes away on foot is as near as the own district, also across its border."""
HERE, NEXT_DOOR, WHOLE_CITY, ELSEWHERE, SOMEWHERE = range(5)
"""``SOMEWHERE``: at one place, and nobody knows in which district."""


class Near(NamedTuple):
    """How near one entry is; the nearest sorts first."""

    ring: int
    far: int = 0
    """Minutes on foot in the ring ``HERE``, kilometres in ``ELSEWHERE``."""

    @property
    def in_minutes(self) -> bool:
        return self.ring == HERE and self.far <= WALK

    @property
    def text(self) -> str:
        if self.in_minutes:
            return _("etwa %d Minuten zu Fuß") % self.far
        if self.ring == ELSEWHERE:
            return _("etwa %d km Luftlinie") % self.far
        return {HERE: _("in Ihrem Stadtbezirk"), NEXT_DOOR: _("im Nachbarbezirk")}.get(
            self.ring, ""
        )


def metres(one: Point, other: Point) -> float:
    """The straight line between two points, by the haversine formula."""
    (a, b), (c, d) = (map(math.radians, point) for point in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


def minutes_on_foot(one: Point, other: Point) -> int:
    """Estimated walking time, rounded up to five minutes; at least five."""
    return max(5, 5 * math.ceil(metres(one, other) * DETOUR / SPEED / 5))


@dataclass
class Nearness:
    """The entries as seen from ``place``. ``points``: entry → where it is, if its address is known."""

    place: Place
    points: Mapping[int, Point]

    def __post_init__(self) -> None:
        self.here = frozenset(f"district:{number}" for number in self.place.numbers)
        around = (atlas().neighbours[number] for number in self.place.numbers)
        self.next_door = frozenset(f"district:{near}" for near in set().union(*around))
        middle = self.place.middle or _middle(atlas().districts[self.place.numbers[0]])
        self.kilometres = {
            f"district:{number}": max(1, round(metres(middle, _middle(one)) / 1000))
            for number, one in atlas().districts.items()
        }
        """Token of a district → how far its middle is, as the crow flies."""

    def of(self, key: int, tokens: list[str]) -> Near:
        if self.place.middle and key in self.points:
            minutes = minutes_on_foot(self.place.middle, self.points[key])
            if minutes <= WALK:
                return Near(HERE, minutes)
        if not self.here.isdisjoint(tokens):
            return Near(HERE, WALK + 1)
        if not self.next_door.isdisjoint(tokens):
            return Near(NEXT_DOOR)
        far = [self.kilometres[token] for token in tokens if token in self.kilometres]
        if far:
            return Near(ELSEWHERE, min(far))
        return Near(WHOLE_CITY if vocabulary.WHOLE_CITY in tokens else SOMEWHERE)


def nearness(place: Place, shelf: Shelf) -> Nearness:
    """With the points of rooms, and of what belongs to a room."""
    return Nearness(place, shelf.kept("points", _points) if place.middle else {})


def _points() -> dict[int, Point]:
    """Two queries."""
    rooms = Entry.objects.filter(room_entry__latitude__isnull=False).values_list(
        "pk", "room_entry__latitude", "room_entry__longitude"
    )
    points = {
        pk: (north, east) for pk, north, east in rooms if north is not None and east is not None
    }
    parts = Entry.objects.filter(opportunity_entry__part_of__in=points).values_list(
        "pk", "opportunity_entry__part_of"
    )
    return points | {pk: points[room] for pk, room in parts}


def _middle(district: District) -> Point:
    return district.latitude, district.longitude
