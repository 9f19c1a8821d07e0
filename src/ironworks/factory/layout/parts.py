"""Departments cut into parts that each fit a cell between aisles, and small ones put together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ironworks.factory.layout.packing import capacity, pack
from ironworks.factory.layout.pattern import Cell
from ironworks.factory.layout.problem import Department, LayoutProblem
from ironworks.factory.layout.qap import LayoutError
from ironworks.factory.site import Space, unsuitable

__all__ = ["Cutter", "Part", "told_part"]

Part = Counter[str]
"""How many places of which departments stand in one cell."""


def told_part(part: Part) -> str:
    """A part in words."""
    return " and ".join(f"{count} of {name}" if count > 1 else name for name, count in sorted(part.items()))


class Cutter:
    """Cuts the departments of a problem for the cells of its halls."""

    def __init__(self, problem: LayoutProblem, cells: Sequence[Cell]) -> None:
        self._problem = problem
        self.spaces = {department.name: department.space for department in problem.departments}
        ready = problem.site.ready(problem.day)
        #: Halls where places of each department may stand.
        self._suits = {
            name: frozenset(hall.name for hall in ready if not unsuitable(space, hall))
            for name, space in self.spaces.items()
        }
        self._count = Counter(cell.hall for cell in cells)
        kinds = Counter((cell.hall, round(cell.width, 6), round(cell.depth, 6)) for cell in cells)
        #: Hall, width and depth of each kind of cell, the most frequent first.
        self._kinds = [kind for kind, _ in kinds.most_common()]
        self._known: dict[tuple[frozenset[tuple[str, int]], float, float], bool] = {}

    def halls(self, part: Part) -> frozenset[str]:
        """Halls that suit all of a part."""
        return frozenset.intersection(*(self._suits[name] for name in part))

    def fits(self, part: Part, width: float, depth: float) -> bool:
        """Whether rows of its places go into so much floor."""
        key = frozenset(part.items()), round(width, 6), round(depth, 6)
        if key not in self._known:
            wanted = [(name, self.spaces[name], count) for name, count in sorted(part.items())]
            self._known[key] = pack(width, depth, wanted) is not None
        return self._known[key]

    def parts(self) -> list[Part]:
        """As few as are easily found.

        Raises LayoutError for places larger than any cell, and where halls have fewer cells than are needed of them.
        """
        parts, told = list[Part](), list[str]()
        for department in self._problem.departments:
            if department.places:
                holds = self._holds(department)
                if holds == 0:
                    told.append(self._too_large(department.space))
                    continue
                count = math.ceil(department.places / holds)
                parts += [
                    Counter({department.name: department.places // count + (number < department.places % count)})
                    for number in range(count)
                ]  # fmt: skip
        if told:
            raise LayoutError(told)
        self._merge_neighbours(parts)
        self._merge_scarce(parts)
        short = [
            f"{needed} cells between aisles are needed in {' or '.join(sorted(halls))}, there are {there}"
            for halls, needed, there in self._short(parts)
        ]
        if short:
            raise LayoutError(short)
        return parts

    def _holds(self, department: Department) -> int:
        """Places in the most frequent kind of cell that takes any."""
        for hall, width, depth in self._kinds:
            if hall in self._suits[department.name]:
                holds = capacity(width, depth, department.space, department.places)
                if holds:
                    return holds
        return 0

    def _too_large(self, space: Space) -> str:
        widest = max((width for hall, width, _ in self._kinds if hall in self._suits[space.name]), default=0.0)
        deepest = max((depth for hall, _, depth in self._kinds if hall in self._suits[space.name]), default=0.0)
        width, depth = space.width + 2.0 * space.side, space.front + space.depth + space.back
        return (
            f"{space.name} takes {width:.1f} m x {depth:.1f} m with its clearance; between aisles and columns "
            f"there are {widest:.1f} m x {deepest:.1f} m at most"
        )

    def _together(self, one: Part, other: Part) -> Part | None:
        both = one + other
        halls = self.halls(both)
        kind = next(((width, depth) for hall, width, depth in self._kinds if hall in halls), None)
        return both if kind and self.fits(both, *kind) else None

    def _merge_neighbours(self, parts: list[Part]) -> None:
        """Those that hand most on to each other share a cell where they fit one."""
        trips: dict[frozenset[str], float] = defaultdict(float)
        for haul in self._problem.hauls:
            if haul.source in self.spaces and haul.target in self.spaces:
                trips[frozenset((haul.source, haul.target))] += haul.trips
        ranked = sorted(trips.items(), key=lambda pair: (-pair[1], sorted(pair[0])))
        for ends, amount in ranked:
            if amount > 0.0 and len(ends) == 2:
                first, second = sorted(ends)
                _merge_first(self, parts, [part for part in parts if part[first]], [p for p in parts if p[second]])

    def _merge_scarce(self, parts: list[Part]) -> None:
        """Small ones share cells of halls that have too few, whoever they are."""
        stuck = False
        while not stuck:
            stuck = True
            for halls, _, _ in self._short(parts):
                there = sorted((part for part in parts if self.halls(part) <= halls), key=self._area)
                if _merge_first(self, parts, there, there):
                    stuck = False
                    break

    def _short(self, parts: list[Part]) -> Iterator[tuple[frozenset[str], int, int]]:
        """Sets of halls with fewer cells than parts that may stand nowhere else: (halls, needed, there)."""
        for halls in sorted({*map(self.halls, parts), frozenset(self._count)}, key=sorted):
            needed = sum(self.halls(part) <= halls for part in parts)
            there = sum(self._count[hall] for hall in halls)
            if needed > there:
                yield halls, needed, there

    def _area(self, part: Part) -> float:
        return sum(count * self.spaces[name].area for name, count in part.items())


def _merge_first(cutter: Cutter, parts: list[Part], ones: list[Part], others: list[Part]) -> bool:
    """Put together the first two that fit one cell."""
    for one in ones:
        for other in others:
            if one is not other and (both := cutter._together(one, other)):
                parts[:] = [part for part in parts if part is not one and part is not other]
                parts.append(both)
                return True
    return False
