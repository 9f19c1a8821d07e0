"""What a rate of a product asks of a plant: places, people, supply, floor. A sum at given figures, not a simulation."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ironworks.factory.calendar import DAY, WEEK, on_time, seconds
from ironworks.factory.plant import Plant
from ironworks.factory.sharing import is_planned
from ironworks.factory.workload import workload
from ironworks.scenario import Draw

__all__ = ["Demand", "Requirement", "requirement"]

#: Days about a date whose shifts count: holidays are spread over the year.
_ABOUT = 182


@dataclass(frozen=True, slots=True)
class Demand:
    """What is needed of one thing on the date, and what the scenario's plan has of it then.

    `kind`: "places" of a station, "people" of a skill or crew on each shift, "supply" of a supplier [its units a
    second], "floor" of a site [m2], "power" of a site [W]. `has` is inf where the scenario knows no limit.
    """

    kind: str
    name: str
    needs: float
    has: float

    @property
    def load(self) -> float:
        """needs / has; inf where there is none of what is needed."""
        if self.has == 0.0:
            return math.inf if self.needs else 0.0
        return self.needs / self.has


@dataclass(frozen=True, eq=False)
class Requirement:
    """All that `rate` [pieces a second of calendar time] of an item asks for on a `day`."""

    item: str
    rate: float
    day: date
    demands: tuple[Demand, ...]

    @property
    def short(self) -> tuple[Demand, ...]:
        """What there is too little of, the worst first."""
        return tuple(sorted((one for one in self.demands if one.load > 1.0 + 1e-9), key=lambda one: -one.load))

    def of(self, kind: str) -> dict[str, Demand]:
        """Demands of one kind by name."""
        return {one.name: one for one in self.demands if one.kind == kind}


def requirement(
    plant: Plant, item: str, rate: float, day: date, draw: Draw, *, unit: float = 1.0, most_load: float = 1.0
) -> Requirement:
    """What a rate of an item and of all that is made in it asks for, at experience `unit` of its lots.

    Routes that are planned to run on the day share their item equally. Stations are loaded to `most_load` of what
    failures leave of their shifts, people to what absence and vacancies leave. Raises ValueError where no route of an
    item is planned to run.
    """
    routes: dict[str, tuple[float, float]] = {}
    for name in plant.process.bom.explode(item):
        if plant.process.routes_of(name):
            planned = [
                one for one in plant.process.routes_of(name) if is_planned(one, plant.process, plant.equipment, day)
            ]
            if not planned:
                raise ValueError(f"no route of {name} is planned to run on {day}")
            routes |= {one.route: (1.0 / len(planned), unit) for one in planned}
    each = workload(plant, item, draw, routes)
    work, manned, mending, bought = (
        {name: rate * amount for name, amount in part.items()}
        for part in (each.stations, each.skills, each.crews, each.bought)
    )
    demands = [*_places(plant, work, day, draw, most_load), *_people(plant, manned, day, draw)]
    demands += _crews(plant, mending, day)
    demands += [*_supply(plant, bought, day, draw), *_floor(plant, demands, day, draw)]
    return Requirement(item, rate, day, tuple(demands))


def _on_shift(plant: Plant, calendar: str, day: date) -> float:
    """Share of calendar time on shift, in the year about a day."""
    at = seconds(plant.start, day)
    begins, ends = max(0.0, at - _ABOUT * DAY), min(plant.horizon, at + _ABOUT * DAY)
    return on_time(plant.on_shift[calendar], begins, ends) / max(ends - begins, WEEK)


def _places(plant: Plant, work: dict[str, float], day: date, draw: Draw, most_load: float) -> Iterator[Demand]:
    for name, row in plant.equipment.stations.items():
        if name in work:
            each = _on_shift(plant, row.calendar, day) * plant.equipment.availability(name, draw) * most_load
            needs = math.ceil(work[name] / each - 1e-9) if each else math.inf
            yield Demand("places", name, float(needs), float(plant.equipment.planned_places(name, day)))


def _people(plant: Plant, manned: dict[str, float], day: date, draw: Draw) -> Iterator[Demand]:
    for skill in plant.scenario.skills:
        if skill.skill in manned:
            calendar = skill.calendar or _longest(plant, skill.skill, day)
            present = _on_shift(plant, calendar, day) * plant.people.presence(skill.skill, draw)
            planned = plant.people.payroll(skill.skill, day) / max(plant.people.shifts(skill.skill, day), 1)
            needs = math.ceil(manned[skill.skill] / present - 1e-9) if present else math.inf
            yield Demand("people", skill.skill, float(needs), planned)


def _crews(plant: Plant, mending: dict[str, float], day: date) -> Iterator[Demand]:
    for crew in plant.scenario.crews:
        if crew.crew in mending:
            each = _on_shift(plant, crew.calendar, day)
            needs = math.ceil(mending[crew.crew] / each - 1e-9) if each else math.inf
            yield Demand("people", crew.crew, float(needs), float(crew.size))


def _longest(plant: Plant, skill: str, day: date) -> str:
    rows = plant.equipment.stations
    calendars = {rows[one.station].calendar for one in plant.scenario.operations if one.skill == skill}
    return max(sorted(calendars), key=lambda name: _on_shift(plant, name, day))


def _supply(plant: Plant, bought: dict[str, float], day: date, draw: Draw) -> Iterator[Demand]:
    parts = {part.part: part for part in plant.scenario.parts}
    needs: dict[str, float] = defaultdict(float)
    for name, pieces in bought.items():
        part = parts[name]
        if part.supplier:
            needs[part.supplier] += pieces * draw(part.supplier_units) / draw(part.incoming_yield)
    at = seconds(plant.start, day)
    for supplier in plant.supply.suppliers(draw):
        if supplier.name in needs:
            ceiling = next((rate for begins, rate in reversed(list(supplier.ceiling)) if begins <= at), 0.0)
            yield Demand("supply", supplier.name, needs[supplier.name], ceiling)


def _floor(plant: Plant, demands: list[Demand], day: date, draw: Draw) -> Iterator[Demand]:
    """Floor and power of each site with the places that are needed; stations that are not needed stay as planned."""
    needed = {one.name: one.needs for one in demands if one.kind == "places"}
    for site in plant.scenario.sites:
        floor = power = 0.0
        for name, row in plant.equipment.stations.items():
            if row.site == site.site:
                places = needed.get(name, float(plant.equipment.planned_places(name, day)))
                floor += places * (draw(row.footprint) if row.footprint else 0.0)
                power += places * (draw(row.power) if row.power else 0.0)
        if floor:
            yield Demand("floor", site.site, floor, draw(site.area))
            yield Demand("power", site.site, power, math.inf)
