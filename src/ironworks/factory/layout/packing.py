"""Places in rows within a cell: back to back and face to face, so that rows share what must be free before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ironworks.factory.site import Space

__all__ = ["Spot", "capacity", "pack"]

_SLACK = 1e-9


@dataclass(frozen=True)
class Spot:
    """A footprint's lower left corner in its cell [m]; `up`: its front is its upper side."""

    key: str
    space: Space
    x: float
    y: float
    up: bool


def pack(width: float, depth: float, wanted: Sequence[tuple[str, Space, int]]) -> list[Spot] | None:
    """Places of several kinds (key, space, how many) in a cell [m]; None where rows do not take them.

    The clearance of one place may lie on that of another, never on a footprint nor beyond the cell.
    """
    ordered = sorted(wanted, key=lambda one: (-one[1].depth, -one[1].width, one[0]))
    queue = [(key, space) for key, space, count in ordered for _ in range(count)]
    spots: list[Spot] = []
    base, before, up = 0.0, 0.0, True
    while queue:
        row: list[tuple[str, Space, float]] = []
        end, side = 0.0, 0.0
        while queue:
            key, space = queue[0]
            x = end + max(side, space.side)
            if x + space.width + space.side > width + _SLACK:
                break
            row.append((key, space, x))
            end, side = x + space.width, space.side
            queue.pop(0)
        if not row:
            return None
        deepest = max(space.depth for _, space, _ in row)
        front, back = max(space.front for _, space, _ in row), max(space.back for _, space, _ in row)
        low, high = (back, front) if up else (front, back)
        y = base + max(before, low)
        if y + deepest + high > depth + _SLACK:
            return None
        # Fronts of a row stand in one line.
        spots += [Spot(key, space, x, y + deepest - space.depth if up else y, up) for key, space, x in row]
        base, before, up = y + deepest, high, not up
    return spots


def capacity(width: float, depth: float, space: Space, most: int) -> int:
    """How many equal places a cell takes, at most so many."""
    count = 0
    while count < most and pack(width, depth, [("", space, count + 1)]) is not None:
        count += 1
    return count
