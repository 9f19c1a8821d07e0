"""A route of a plant as a line to balance: which operations share a bay, and how many places each needs for a rate."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ironworks.factory.balance import Bay, Element, GeneralAssignment, GeneralLine
from ironworks.factory.calendar import DAY, YEAR, on_time, shifts_at, years
from ironworks.factory.cost import annuity
from ironworks.factory.plant import Plant
from ironworks.scenario import Draw

__all__ = ["BayLoad", "bay_loads", "line_of_route", "planned_loads"]

#: Room for more places than the operations of a kind would need one by one.
_ROOM = 2


def line_of_route(plant: Plant, route: str, rate: float, unit: float, most_load: float, draw: Draw) -> GeneralLine:
    """Elements are the route's operations at experience `unit`, bays its stations of today in their order.

    `rate` in pieces a second of calendar time, in the scenario's last year; a station is loaded to `most_load` of its
    takt at most. Times are stretched by the failures of today's station, and by the hours that its calendar has less
    than the route's longest. An operation may go to bays of the same type and calendar. A place costs a year's wages
    of its team on all shifts, and an annuity of the equipment that its operations need (its whole price where the
    scenario gives equipment no life).
    """
    operations = plant.process.operations[route]
    stations = plant.equipment.stations
    general = plant.scenario.settings.scenario
    _, begins, ends = years(general.start, general.end)[-1]
    hours = {one.station: on_time(plant.on_shift[stations[one.station].calendar], begins, ends) for one in operations}
    longest = max(hours.values())
    takt = most_load * longest / (rate * (ends - begins))
    lot = plant.process.lots[plant.process.routes[route].item]
    kinds: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for one in operations:
        row = stations[one.station]
        kind = kinds[row.type, row.calendar, row.attended]
        if one.station not in kind:
            kind.append(one.station)
    seconds = {
        one.operation: plant.process.seconds(one, draw, unit) / lot / plant.equipment.availability(one.station, draw)
        * longest / max(hours[one.station], 1.0)
        for one in operations
    }  # fmt: skip
    day = plant.start + timedelta(days=int(begins // DAY))
    wages = {one.skill: _wage(plant, one.skill, day, draw) for one in operations if one.skill}
    least = min(wages.values(), default=0.0)
    elements, bays = [], []
    for names in kinds.values():
        most = sum(math.ceil(seconds[one.operation] / takt) for one in operations if one.station in names) + _ROOM
        bays += [Bay(name, most) for name in names]
        elements += [
            Element(
                one.operation, {"": seconds[one.operation]}, one.after, skill=one.skill or "",
                tools=frozenset({one.station}), workers=one.operators, allowed=frozenset(names),
            )
            for one in operations if one.station in names
        ]  # fmt: skip
    first = {name: at for at, name in reversed(list(enumerate(one.station for one in operations)))}
    rank = {one.operation: at for at, one in enumerate(operations)}
    return GeneralLine(
        tuple(sorted(elements, key=lambda one: rank[one.name])), tuple(sorted(bays, key=lambda bay: first[bay.name])),
        ((1.0, takt),), {"": 1.0}, place_cost=0.0, worker_cost=least,
        tool_cost={name: _equipment(plant, name, draw) for name in {one.station for one in operations}},
        skill_cost={skill: wage - least for skill, wage in wages.items()},
        now={one.operation: one.station for one in operations},
    )  # fmt: skip


def _wage(plant: Plant, skill: str, day: object, draw: Draw) -> float:
    row = next(one for one in plant.scenario.skills if one.skill == skill)
    shifts = shifts_at(plant.shifts[row.calendar], day) if row.calendar else 1  # type: ignore[arg-type]
    return draw(row.wage) * YEAR * shifts


def _equipment(plant: Plant, station: str, draw: Draw) -> float:
    money, price = plant.scenario.settings.money, draw(plant.equipment.stations[station].price)
    if money.equipment_life is None:
        return price
    interest = draw(money.discount) * YEAR if money.discount is not None else 0.0
    return price * annuity(draw(money.equipment_life) / YEAR, interest)


@dataclass(frozen=True, slots=True)
class BayLoad:
    """What a bay does: places, those that today's plan has in the end, and the share of its time that is needed."""

    bay: str
    operations: tuple[str, ...]
    places: int
    planned: int
    load: float


def planned_loads(plant: Plant, line: GeneralLine, takt: float) -> Sequence[BayLoad]:
    """One row per station of today that has places in the end, with the operations that it has; loads of a takt [s]."""
    last = plant.scenario.settings.scenario.end
    rows = []
    for bay in line.bays:
        there = [one for one in line.elements if line.now.get(one.name) == bay.name]
        places = plant.equipment.planned_places(bay.name, last)
        if there and places:
            busy = sum(line.seconds(one, "", 1.0) for one in there)
            rows.append(BayLoad(bay.name, tuple(one.name for one in there), places, places, busy / (takt * places)))
    return rows


def bay_loads(plant: Plant, assignment: GeneralAssignment, takt: float) -> Sequence[BayLoad]:
    """One row per bay with work, in the order of the flow; loads of a takt [s]."""
    last = plant.scenario.settings.scenario.end
    return [
        BayLoad(
            bay.name, assignment.order[bay.name], assignment.places[bay.name],
            plant.equipment.planned_places(bay.name, last),
            assignment.load(bay.name, "", 1.0) / (takt * assignment.places[bay.name]),
        )
        for bay in assignment.line.bays if bay.name in assignment.order
    ]  # fmt: skip
