"""A layout: where each place stands, which lanes are kept free, and what it costs to carry everything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.layout.network import Network, Point
from ironworks.factory.layout.pattern import Aisle
from ironworks.factory.layout.problem import LayoutProblem
from ironworks.factory.layout.qap import LayoutError
from ironworks.factory.layout.verify import violations
from ironworks.factory.site import Space

__all__ = ["Layout", "Place"]


@dataclass(frozen=True)
class Place:
    """A place of a department: lower left corner of its footprint in a hall [m]; `up`: its front is the upper side."""

    department: str
    number: int
    hall: str
    x: float
    y: float
    up: bool
    space: Space

    @property
    def footprint(self) -> tuple[float, float, float, float]:
        """x and y of two corners [m]."""
        return self.x, self.y, self.x + self.space.width, self.y + self.space.depth

    @property
    def clearance(self) -> tuple[float, float, float, float]:
        """The same with what must be free around it."""
        low, high = (self.space.back, self.space.front) if self.up else (self.space.front, self.space.back)
        x, y, right, top = self.footprint
        return x - self.space.side, y - low, right + self.space.side, top + high

    @property
    def access(self) -> Point:
        """The middle of what is free before its front."""
        x, y, right, top = self.footprint
        half = self.space.front / 2.0
        return self.hall, (x + right) / 2.0, top + half if self.up else y - half


@dataclass(frozen=True, eq=False)
class Layout:
    """Places and aisles in the halls of a problem's site."""

    problem: LayoutProblem
    places: tuple[Place, ...]
    aisles: tuple[Aisle, ...]

    @cached_property
    def network(self) -> Network:
        """Ways along its aisles."""
        return Network(self.aisles, self.problem.site.links)

    @cached_property
    def stops(self) -> dict[str, list[Point]]:
        """Where loads of each department and dock are picked up and put down."""
        stops: dict[str, list[Point]] = defaultdict(list)
        for place in self.places:
            stops[place.department].append(place.access)
        stops.update({name: [point] for name, point in self.problem.docks.items()})
        return dict(stops)

    @cached_property
    def metres(self) -> dict[tuple[str, str], float]:
        """Mean way [m] between departments and docks between which something is carried; links as they count."""
        points = [point for stops in self.stops.values() for point in stops]
        far = self.network.metres(points)
        first, rows = 0, dict[str, NDArray[np.int64]]()
        for name, stops in self.stops.items():
            rows[name] = np.arange(first, first + len(stops))
            first += len(stops)
        return {
            (haul.source, haul.target): float(far[np.ix_(rows[haul.source], rows[haul.target])].mean())
            for haul in self.problem.hauls if haul.source in rows and haul.target in rows
        }  # fmt: skip

    @property
    def work(self) -> float:
        """Metres driven with loads in a day."""
        far = self.metres
        return sum(haul.trips * far.get((haul.source, haul.target), 0.0) for haul in self.problem.hauls)

    def area(self, hall: str) -> float:
        """Footprints with their clearance in a hall, what overlaps counted twice [m2]."""
        return sum(place.space.area for place in self.places if place.hall == hall)

    @cached_property
    def broken(self) -> tuple[str, ...]:
        """Every rule that is broken, in words; empty where it holds."""
        return tuple(violations(self))

    def verify(self) -> None:
        """Raise LayoutError with every rule that is broken."""
        if self.broken:
            raise LayoutError(self.broken)
