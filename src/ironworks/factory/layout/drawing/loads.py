"""How much is driven where: trips a day along each piece of an aisle, in each direction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import connected_components

from ironworks.factory.layout.layout import Layout, Place
from ironworks.factory.layout.network import Point

__all__ = ["Group", "Piece", "groups", "pieces"]

#: Places of a department that are no farther apart than this stand together [m].
_TOGETHER = 4.0


@dataclass(frozen=True)
class Group:
    """Places of one department that stand together."""

    department: str
    places: tuple[Place, ...]

    @property
    def middle(self) -> Point:
        """The middle of the rectangle around them."""
        corners = [place.footprint for place in self.places]
        x = (min(corner[0] for corner in corners) + max(corner[2] for corner in corners)) / 2.0
        y = (min(corner[1] for corner in corners) + max(corner[3] for corner in corners)) / 2.0
        return self.places[0].hall, x, y

    @property
    def stop(self) -> Point:
        """Where loads of all of them are picked up: before the place nearest the middle."""
        _, x, y = self.middle
        return min((place.access for place in self.places), key=lambda point: abs(point[1] - x) + abs(point[2] - y))


@dataclass(frozen=True)
class Piece:
    """A straight way in a hall from (x, y) to another point, with trips a day in this direction."""

    hall: str
    start: tuple[float, float]
    end: tuple[float, float]
    trips: float


def groups(layout: Layout) -> list[Group]:
    """Places of each department, apart where they do not stand together."""
    there: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in sorted(layout.places, key=lambda place: (place.department, place.number)):
        there[place.department, place.hall].append(place)
    found = []
    for (department, _), places in there.items():
        x, y, right, top = np.array([place.footprint for place in places]).T
        across = np.maximum(x[:, None], x) - np.minimum(right[:, None], right)
        up = np.maximum(y[:, None], y) - np.minimum(top[:, None], top)
        count, label = connected_components(np.maximum(across, up) <= _TOGETHER, directed=False)
        for one in range(count):
            found.append(Group(department, tuple(places[row] for row in np.flatnonzero(label == one))))
    return sorted(found, key=lambda group: (group.department, group.places[0].number))


def pieces(layout: Layout) -> list[Piece]:
    """All ways between groups and docks, each as short as can be, with trips summed where they share an aisle."""
    stops: dict[str, list[tuple[Point, float]]] = defaultdict(list)
    for group in groups(layout):
        stops[group.department].append((group.stop, float(len(group.places))))
    for name, point in layout.problem.docks.items():
        stops[name] = [(point, 1.0)]
    # Trips by hall, direction (along, up or down), line on which they run, and the stretch.
    stretches: dict[tuple[str, bool, int, float], list[tuple[float, float, float]]] = defaultdict(list)
    for haul in layout.problem.hauls:
        ends = stops[haul.source], stops[haul.target]
        whole = sum(weight for _, weight in ends[0]) * sum(weight for _, weight in ends[1])
        for start, weight in ends[0]:
            for end, other in ends[1]:
                trips = haul.trips * weight * other / whole
                if trips > 0.0 and start != end:
                    _add(stretches, layout.network.way(start, end), trips)
    return [piece for key, there in sorted(stretches.items()) for piece in _summed(key, there)]


def _add(
    stretches: dict[tuple[str, bool, int, float], list[tuple[float, float, float]]], way: list[Point], trips: float
) -> None:
    for one, other in pairwise(way):
        # Off an aisle a way goes along x first.
        corner = (one[0], other[1], one[2])
        if one[0] != other[0]:
            continue
        for (_, x, y), (_, right, top) in ((one, corner), (corner, other)):
            along = abs(right - x) > 1e-6
            if along or abs(top - y) > 1e-6:
                start, end, line = (x, right, y) if along else (y, top, x)
                sign = 1 if end > start else -1
                key = (one[0], along, sign, round(line, 3))
                stretches[key].append((min(start, end), max(start, end), trips))


def _summed(key: tuple[str, bool, int, float], stretches: list[tuple[float, float, float]]) -> list[Piece]:
    hall, along, sign, line = key
    cuts = sorted({round(end, 3) for low, high, _ in stretches for end in (low, high)})
    found: list[Piece] = []
    for low, high in pairwise(cuts):
        middle = (low + high) / 2.0
        trips = sum(amount for start, end, amount in stretches if start < middle < end)
        if trips > 0.0:
            ends = [(place, line) if along else (line, place) for place in (low, high)][::sign]
            found.append(Piece(hall, ends[0], ends[1], trips))
    return found
