"""From departments to a layout: parts that fit cells, quadratic assignment of parts to cells, then geometry."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ironworks.factory.layout.layout import Layout, Place
from ironworks.factory.layout.network import Network, Point
from ironworks.factory.layout.packing import pack
from ironworks.factory.layout.parts import Cutter, Part, told_part
from ironworks.factory.layout.pattern import Aisle, Cell, cells_and_aisles
from ironworks.factory.layout.problem import LayoutProblem
from ironworks.factory.layout.qap import LayoutError, QapInstance, assign
from ironworks.factory.layout.relief import relieved

__all__ = ["has_cells", "plan_layout"]

#: What keeps parts of one department together, as a share of what it sends and gets.
_ADHESION = 0.3
#: What a hall has so much of and no more.
_SUPPLIES = ("power", "heat", "air")


@dataclass(frozen=True, eq=False)
class _Floor:
    """Cells of all halls, lanes, and metres between cells and to docks; infinite where there is no way."""

    cells: list[Cell]
    aisles: list[Aisle]
    between: NDArray[np.float64]
    docks: dict[str, NDArray[np.float64]]


def plan_layout(problem: LayoutProblem, seconds: float = 20.0, seed: int = 0, iterations: int | None = None) -> Layout:
    """A layout with little work of transport, verified.

    `seconds` and `iterations` are those of the quadratic assignment; what a hall's supplies do not bear is moved then.
    Raises LayoutError with what forbids a layout, or with what is still broken.
    """
    floor = _floor(problem)
    cutter = Cutter(problem, floor.cells)
    parts = cutter.parts()
    if not parts:
        return Layout(problem, (), tuple(floor.aisles))
    flow, fixed = (_exact(part, 10) for part in _flows(problem, floor, parts))
    far = _exact(_finite(floor.between), 6)
    scale = np.ceil(float(flow.sum() * far.max()) + float(np.abs(fixed).sum()) + 1.0)
    unfit = _unfit(floor.cells, cutter, parts)
    instance = QapInstance(flow, far, fixed + 10.0 * scale * unfit)
    found = assign(instance, seconds, seed, iterations=iterations).place
    given, hall = _given(problem, floor)
    at = relieved(instance, found, _taken(floor, cutter, parts), given, hall, unfit > 0.0)
    if not np.array_equal(at, found):
        # Once more, with each part in the hall that can supply it.
        away = hall[None, :] != hall[at][:, None]
        away[len(parts) :] = False
        instance = QapInstance(flow, far, instance.fixed + 10.0 * scale * (away & (unfit == 0.0)))
        again = assign(instance, seconds, seed, iterations=iterations)
        at = again.place if again.cost < instance.cost(at) else at
    layout = _placed(problem, floor, cutter, parts, at)
    layout.verify()
    return layout


def has_cells(problem: LayoutProblem) -> bool:
    """Whether the halls have cells for all places, before anything is placed: what no layout gets around."""
    cells = [cell for hall in problem.site.ready(problem.day) for cell in cells_and_aisles(hall, problem.aisles)[0]]
    cutter = Cutter(problem, cells)
    try:
        unfit = _unfit(cells, cutter, cutter.parts())
    except LayoutError:
        return False
    rows, columns = linear_sum_assignment(unfit)
    return not unfit[rows, columns].any()


def _floor(problem: LayoutProblem) -> _Floor:
    cells, aisles = list[Cell](), list[Aisle]()
    for hall in problem.site.ready(problem.day):
        more, lanes = cells_and_aisles(hall, problem.aisles)
        cells, aisles = cells + more, aisles + lanes
    heaviest = max((haul.load for haul in problem.hauls if haul.trips > 0.0), default=0.0)
    halls = {cell.hall for cell in cells}
    links = [link for link in problem.site.links if link.capacity >= heaviest and halls.issuperset(link.halls)]
    points: list[Point] = [(cell.hall, cell.x + cell.width / 2.0, cell.y + cell.depth / 2.0) for cell in cells]
    far = Network(aisles, links).metres([*points, *problem.docks.values()])
    count = len(cells)
    docks = {name: far[:count, count + number] for number, name in enumerate(problem.docks)}
    return _Floor(cells, aisles, far[:count, :count], docks)


def _finite(far: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where there is no way it counts as ten times the longest."""
    return np.where(np.isfinite(far), far, 10.0 * far[np.isfinite(far)].max(initial=1.0))


def _exact(values: NDArray[np.float64], bits: int) -> NDArray[np.float64]:
    """The nearest multiples of 2 ** -bits: sums of their products are exact, in whatever order they are added."""
    return np.asarray(np.round(values * 2.0**bits) / 2.0**bits)


def _flows(problem: LayoutProblem, floor: _Floor, parts: list[Part]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Trips a day between parts (cells, cells), filled up with parts of nothing, and metres to docks (cells, cells)."""
    n = len(floor.cells)
    flow, fixed = np.zeros((n, n)), np.zeros((n, n))
    places = sum(parts, Counter[str]())
    share = {
        name: np.array([part[name] / places[name] for part in parts] + [0.0] * (n - len(parts))) for name in places
    }
    carried: dict[str, float] = defaultdict(float)
    for haul in problem.hauls:
        ends = haul.source, haul.target
        for end, other in (ends, ends[::-1]):
            carried[end] += haul.trips
            if end in floor.docks and other in share:
                fixed += haul.trips * share[other][:, None] * _finite(floor.docks[end])[None]
        if ends[0] in share and ends[1] in share:
            flow += haul.trips * share[ends[0]][:, None] * share[ends[1]]
    for name, part in share.items():
        flow += _ADHESION * carried[name] * part[:, None] * part
    np.fill_diagonal(flow, 0.0)
    return flow, fixed


def _unfit(cells: list[Cell], cutter: Cutter, parts: list[Part]) -> NDArray[np.float64]:
    """(cells, cells): 1 where a part cannot stand in a cell."""
    unfit = np.zeros((len(cells), len(cells)))
    for row, part in enumerate(parts):
        halls = cutter.halls(part)
        unfit[row] = [cell.hall not in halls or not cutter.fits(part, cell.width, cell.depth) for cell in cells]
    return unfit


def _taken(floor: _Floor, cutter: Cutter, parts: list[Part]) -> NDArray[np.float64]:
    """(cells, supplies): what the part for each cell takes."""
    taken = np.zeros((len(floor.cells), len(_SUPPLIES)))
    for row, part in enumerate(parts):
        for name, count in part.items():
            taken[row] += [count * getattr(cutter.spaces[name], what) for what in _SUPPLIES]
    return taken


def _given(problem: LayoutProblem, floor: _Floor) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(halls, supplies): what each hall has; (cells,): the hall of each cell."""
    halls = problem.site.ready(problem.day)
    number = {hall.name: row for row, hall in enumerate(halls)}
    given = np.array([[getattr(hall, what) for what in _SUPPLIES] for hall in halls], np.float64)
    return given, np.array([number[cell.hall] for cell in floor.cells], np.int64)


def _placed(problem: LayoutProblem, floor: _Floor, cutter: Cutter, parts: list[Part], at: NDArray[np.int64]) -> Layout:
    """Geometry of parts in their cells. Raises LayoutError for those whose cell does not take them."""
    places, told = list[Place](), list[str]()
    numbers: Counter[str] = Counter()
    for part, cell in zip(parts, (floor.cells[where] for where in at), strict=False):
        wanted = [(name, cutter.spaces[name], count) for name, count in sorted(part.items())]
        spots = pack(cell.width, cell.depth, wanted) if cell.hall in cutter.halls(part) else None
        if spots is None:
            told.append(f"no cell between aisles that is left takes {told_part(part)}")
            continue
        for spot in spots:
            numbers[spot.key] += 1
            places.append(
                Place(spot.key, numbers[spot.key], cell.hall, cell.x + spot.x, cell.y + spot.y, spot.up, spot.space)
            )
    if told:
        raise LayoutError(told)
    return Layout(problem, tuple(places), tuple(floor.aisles))
