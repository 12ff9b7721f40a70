"""A count on the start page of the administration that leads to the list it counts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    label: str
    count: int
    url: str
    status: str = ""
    urgent: bool = False
