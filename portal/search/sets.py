"""Sets of entries as numbers: the bit at an entry's position is set.

For 20,000 entries a set has 2.5 kB, and „and“, „or“ and counting take less than a microsecond each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

FLAGS = bytes.maketrans(b"01", b"\0\1")
Levels = Sequence[tuple[float, int]]
"""How much or how well, and the entries of which that is true; the most first, and no entry twice."""


def set_of(entries: Iterable[int], size: int) -> int:
    """Positions as one number; ``size``: how many entries there are."""
    found = bytearray(size // 8 + 1)
    for position in entries:
        found[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(found, "little")


def union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def flags(entries: int, size: int) -> bytes:
    """For each position 1 or 0."""
    return f"{entries:0{size}b}"[::-1].encode().translate(FLAGS)


def positions(entries: int) -> Iterator[int]:
    while entries:
        lowest = entries & -entries
        yield lowest.bit_length() - 1
        entries ^= lowest


def levels(found: Mapping[float, int]) -> Levels:
    """Each entry once, where it counts most."""
    there, result = 0, []
    for how_much in sorted(found, reverse=True):
        if entries := found[how_much] & ~there:
            result.append((how_much, entries))
            there |= entries
    return result
