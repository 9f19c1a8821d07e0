"""The work in one piece of an item, with all that is made in it and with its rework: by station, skill and part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ironworks.factory.flow.model import Arising, Growth
from ironworks.factory.plant import Plant
from ironworks.factory.process import growth
from ironworks.factory.routings import defect_name
from ironworks.rows.process import Route
from ironworks.scenario import Draw

__all__ = ["Workload", "arisings", "workload"]


@dataclass(frozen=True, slots=True)
class Workload:
    """Per piece of the item: place-seconds by station, person-seconds by skill and by crew, pieces by bought part."""

    stations: Mapping[str, float]
    skills: Mapping[str, float]
    crews: Mapping[str, float]
    bought: Mapping[str, float]


def arisings(plant: Plant, draw: Draw) -> dict[str, Arising]:
    """How often each defect arises, by its name in the flow."""
    operations = [operation for one in plant.model(draw).routings for operation in one.operations]
    return {each.defect: each for operation in operations for each in operation.arises}


def workload(
    plant: Plant,
    item: str,
    draw: Draw,
    routes: Mapping[str, tuple[float, float]],
    arising: Mapping[str, Arising] | None = None,
) -> Workload:
    """The work in a piece of an item where `routes` gives (share of its item, experience in lots) by route.

    Found defects add visits: from where a repaired unit returns to its test, and the repair. Routes that are not named
    make nothing. `arising`: of this draw, where it is asked often. Raises ValueError where an item that is made has no
    share on any route.
    """
    work: dict[str, float] = defaultdict(float)
    manned: dict[str, float] = defaultdict(float)
    mending: dict[str, float] = defaultdict(float)
    bought: dict[str, float] = defaultdict(float)
    arising = arisings(plant, draw) if arising is None else arising
    for name, quantity in plant.process.bom.explode(item).items():
        makers = plant.process.routes_of(name)
        if not makers:
            bought[name] += quantity
            continue
        if not any(routes.get(one.route, (0.0, 0.0))[0] for one in makers):
            raise ValueError(f"no route of {name} has a share of it")
        for route in makers:
            share, unit = routes.get(route.route, (0.0, 0.0))
            if share:
                lots = quantity * share / plant.process.lots[name]
                for station, skill, operators, busy in _visits(plant, route, draw, max(unit, 1.0), arising):
                    work[station] += lots * busy
                    crew = plant.equipment.stations[station].crew
                    if crew:
                        mending[crew] += lots * busy * _mending(plant, station, draw, max(unit, 1.0))
                    if skill:
                        manned[skill] += lots * busy * operators
    return Workload(dict(work), dict(manned), dict(mending), dict(bought))


def _visits(
    plant: Plant, route: Route, draw: Draw, unit: float, arising: Mapping[str, Arising]
) -> Iterator[tuple[str, str | None, int, float]]:
    """(station, skill, operators, place-seconds of one lot) of each operation and repair of a route, with rework."""
    operations = plant.process.operations[route.route]
    rank = {one.operation: at for at, one in enumerate(operations)}
    visits = [1.0] * len(operations)
    for defect in (one for one in plant.process.defects[route.route] if one.test):
        law = arising.get(defect_name(defect.route, defect.defect))
        found = _at(law, unit) * draw(defect.coverage) if law is not None else 0.0
        back = rank[defect.return_to or defect.test or operations[-1].operation]
        repair = plant.process.repairs.get((defect.route, defect.repair or ""))
        # A repair that does not succeed is found and made again.
        again = found / max(draw(repair.success) if repair else 1.0, 0.05)
        for at in range(back, rank[defect.test or ""] + 1):
            visits[at] += again
        if repair is not None:
            yield repair.station, repair.skill, repair.operators, again * draw(repair.time)
    for one, times in zip(operations, visits, strict=True):
        yield one.station, one.skill, one.operators, times * plant.process.seconds(one, draw, unit)


def _mending(plant: Plant, station: str, draw: Draw, unit: float) -> float:
    """Seconds of repair in a second of a station's work, at an experience."""
    row = plant.equipment.stations[station]
    if row.failure == "none" or row.mtbf is None or row.mttr is None:
        return 0.0
    curve = plant.process.curves[row.mtbf_growth] if row.mtbf_growth else None
    longer = _grown(growth(curve, draw), unit) if curve else 1.0
    return draw(row.mttr) / (draw(row.mtbf) * longer)


def _at(arising: Arising, unit: float) -> float:
    if arising.growth is None:
        return arising.probability
    factor = _grown(arising.growth, unit)
    return float(min(max(arising.mature + (arising.probability - arising.mature) * factor, 0.0), 1.0))


def _grown(law: Growth, unit: float) -> float:
    factor = float((max(unit, 1.0) / law.at_unit) ** law.exponent)
    return min(factor, law.limit) if law.exponent > 0 else max(factor, law.limit)
