"""A planner's capacity check: place-seconds that the plan needs of each station and year against those it has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from ironworks.factory.calendar import DAY, on_time, years
from ironworks.factory.plant import Plant
from ironworks.factory.sharing import is_planned
from ironworks.scenario import Draw

__all__ = ["CapacityCheck", "capacity_checks"]


@dataclass(frozen=True, slots=True)
class CapacityCheck:
    """Load of one station in one year at the planned rate and the figures' values: a sum, not a simulation."""

    station: str
    year: int
    needed: float
    """Place-seconds that the plan needs, without rework."""
    available: float
    """Place-seconds on shift, after failures."""

    @property
    def load(self) -> float:
        """needed / available; inf where the plan needs what is not there."""
        return self.needed / self.available if self.available else float("inf")


def capacity_checks(plant: Plant, draw: Draw) -> tuple[CapacityCheck, ...]:
    """One check per station that the plan uses, and calendar year, in file order of the stations.

    Work counts at the experience in the middle of the year. Routes of one item that are open share its plan equally.
    """
    general = plant.scenario.settings.scenario
    checks = []
    for year, begins, ends in years(general.start, general.end):
        needed: dict[str, float] = defaultdict(float)
        middle = (begins + ends) / 2
        day = plant.start + timedelta(days=int(middle // DAY))
        for item, quantity_before, quantity in _planned(plant, draw, begins, middle, ends):
            routes = [
                route
                for route in plant.process.routes_of(item)
                if is_planned(route, plant.process, plant.equipment, day)
            ]
            lot = plant.process.lots[item]
            for route in routes:
                lots = quantity / lot / len(routes)
                unit = max(1.0, quantity_before / lot / len(routes))
                for operation in plant.process.operations[route.route]:
                    needed[operation.station] += lots * plant.process.seconds(operation, draw, unit)
        for name, row in plant.equipment.stations.items():
            if name in needed:
                up = plant.equipment.availability(name, draw)
                places = plant.equipment.planned_places(name, day)
                checks.append(
                    CapacityCheck(
                        name, year, needed[name], places * up * on_time(plant.on_shift[row.calendar], begins, ends)
                    )
                )
    order = {name: i for i, name in enumerate(plant.equipment.stations)}
    return tuple(sorted(checks, key=lambda check: (order[check.station], check.year)))


def _planned(plant: Plant, draw: Draw, begins: float, middle: float, ends: float) -> list[tuple[str, float, float]]:
    """(made item, pieces planned until the middle, pieces planned in the span)."""
    rows = []
    for item in plant.process.lots:
        done = plant.supply.demand(item, [begins, middle, ends])
        rows.append((item, float(done[1]), float(done[2] - done[0])))
    return [row for row in rows if row[2] > 0]
