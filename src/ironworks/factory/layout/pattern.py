"""The pattern of a hall: an aisle along it, aisles across it beside the columns, and cells between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ironworks.factory.layout.problem import Aisles
from ironworks.factory.site import Hall

__all__ = ["Aisle", "Cell", "cells_and_aisles"]


@dataclass(frozen=True)
class Rectangle:
    """In a hall's own metres."""

    hall: str
    x: float
    y: float
    width: float
    depth: float


@dataclass(frozen=True)
class Aisle(Rectangle):
    """A lane for vehicles; `along` x, or across."""

    along: bool


@dataclass(frozen=True)
class Cell(Rectangle):
    """Free floor between aisles on its left and right and columns below and above."""


def cells_and_aisles(hall: Hall, aisles: Aisles) -> tuple[list[Cell], list[Aisle]]:
    """Aisles free of columns and the cells between them.

    The spine lies in the middle row of bays, along a line of columns; aisles across lie at both ends and beside every
    so manieth line.
    """
    half, (bay_x, bay_y) = hall.column / 2.0, hall.bay
    top, right = hall.depth - half, hall.width - half
    starts = [half + bay_x * line for line in range(0, hall.bays[0], aisles.every)]
    if hall.width - bay_x * aisles.every * (len(starts) - 1) < 1.5 * bay_x and len(starts) > 1:
        # One bay that is left over joins its neighbours.
        starts.pop()
    starts.append(right - aisles.cross)
    lanes = [Aisle(hall.name, x, half, aisles.cross, top - half, along=False) for x in starts]
    spine_row = hall.bays[1] // 2
    spine = bay_y * spine_row + half
    lanes.append(Aisle(hall.name, half, spine, right - half, aisles.spine, along=True))
    cells = []
    for left, end in pairwise(starts):
        for row in range(hall.bays[1]):
            low, high = bay_y * row + half, bay_y * (row + 1) - half
            if row == spine_row:
                low += aisles.spine
            if high > low and end > left + aisles.cross:
                cells.append(Cell(hall.name, left + aisles.cross, low, end - left - aisles.cross, high - low))
    return cells, lanes
