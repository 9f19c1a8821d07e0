"""A route of a plant as a line to balance: which work elements share a bay, and how many places a rate needs."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ironworks.factory.balance import Bay, Element, GeneralAssignment, GeneralLine
from ironworks.factory.calendar import DAY, YEAR, on_time, shifts_at, years
from ironworks.factory.cost import annuity
from ironworks.factory.plant import Plant
from ironworks.quantities import Quantity
from ironworks.rows import Operation, WorkElement
from ironworks.scenario import Draw

__all__ = ["BayLoad", "bay_loads", "line_of_route", "planned_loads"]

#: Room for more places than the operations of a kind would need one by one.
_ROOM = 2


def line_of_route(plant: Plant, route: str, rate: float, unit: float, most_load: float, draw: Draw) -> GeneralLine:
    """Elements are the route's work elements at experience `unit`, bays its stations of today in their order.

    An operation that elements.csv does not divide is an element of its own, and takes each model of the item alike; an
    element of some models takes so long that its share is that of the mean piece. `rate` in pieces a second of calendar
    time, in the scenario's last year; a station is loaded to `most_load` of its takt at most. Times are stretched by
    the failures of today's station, and by the hours that its calendar has less than the route's longest. An element
    may go to bays of the same type and calendar. A place costs a year's wages of its team on all shifts, and an annuity
    of its equipment (its whole price where the scenario gives equipment no life): for a whole operation its station's,
    for elements the cheapest station's of their kind and tools.
    """
    operations = plant.process.operations[route]
    stations = plant.equipment.stations
    item = plant.process.routes[route].item
    general, rules = plant.scenario.settings.scenario, plant.scenario.settings.line
    _, begins, ends = years(general.start, general.end)[-1]
    hours = {one.station: on_time(plant.on_shift[stations[one.station].calendar], begins, ends) for one in operations}
    longest = max(hours.values())
    takt = most_load * longest / (rate * (ends - begins))
    lot = plant.process.lots[item]
    parts: dict[str, list[WorkElement]] = defaultdict(list)
    for part in plant.process.elements[route]:
        parts[part.operation].append(part)
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
    costs = {name: _annual(plant, plant.equipment.stations[name].price, draw) for name in hours}
    costs |= {one.tool: _annual(plant, one.price, draw) for one in plant.scenario.tools}
    models = _models(plant, item, draw)
    overload = draw(rules.overload) if rules.overload else 0.0
    heights = [
        draw(hall.clear_height) for hall in plant.scenario.halls if hall.site == plant.process.routes[route].site
    ]
    elements, bays = [], []
    for names in kinds.values():
        there = [one for one in operations if one.station in names]
        divided = [one.station for one in there if parts[one.operation]]
        place = min(divided, key=costs.__getitem__, default="")
        here: list[Element] = []
        for one in there:
            shared = Element(
                one.operation, dict.fromkeys(models, seconds[one.operation]), _before(one, operations, parts),
                skill=one.skill or "", tools=frozenset({one.station}), workers=one.operators, allowed=frozenset(names),
            )  # fmt: skip
            here += [_part(shared, row, place, models, draw) for row in parts[one.operation]] or [shared]
        elements += here
        heaviest = max(math.fsum(each.seconds[model] for each in here) for model in models) / (1.0 + overload)
        most = math.ceil(max(math.fsum(seconds[one.operation] for one in there), heaviest) / takt) + _ROOM
        bays += [Bay(name, most, height=max(heights, default=math.inf)) for name in names]
    first = {name: at for at, name in reversed(list(enumerate(one.station for one in operations)))}
    named = [[row.element for row in parts[one.operation]] or [one.operation] for one in operations]
    rank = {name: at for at, name in enumerate(name for each in named for name in each)}
    return GeneralLine(
        tuple(sorted(elements, key=lambda one: rank[one.name])), tuple(sorted(bays, key=lambda bay: first[bay.name])),
        ((1.0, takt),), models, overload, place_cost=0.0, worker_cost=least, tool_cost=costs,
        skill_cost={skill: wage - least for skill, wage in wages.items()},
        strain_limit=draw(rules.most_strain) * takt / most_load if rules.most_strain else math.inf,
        walk=draw(rules.walk) if rules.walk else 0.0,
        now={name: one.station for one, each in zip(operations, named, strict=True) for name in each},
    )  # fmt: skip


def _models(plant: Plant, item: str, draw: Draw) -> dict[str, float]:
    """Share of each model of an item; the item itself where it has none."""
    shares = {one.model: draw(one.share) for one in plant.scenario.models if one.item == item}
    total = math.fsum(shares.values())
    return {name: share / total for name, share in shares.items()} or {"": 1.0}


def _part(whole: Element, row: WorkElement, place: str, models: Mapping[str, float], draw: Draw) -> Element:
    needed = row.models or tuple(models)
    # The whole operation takes every model alike.
    mean = row.share * next(iter(whole.seconds.values()))
    often = math.fsum(models[name] for name in needed)
    seconds = {name: mean / often if name in needed else 0.0 for name in models}
    return replace(
        whole, name=row.element, seconds=seconds, after=(*row.after, *whole.after), side=row.side,
        strain=row.strain * mean, tools=frozenset({place, *row.tools}), height=draw(row.height),
    )  # fmt: skip


def _before(
    operation: Operation, operations: Sequence[Operation], parts: Mapping[str, Sequence[WorkElement]]
) -> tuple[str, ...]:
    """What an operation waits for: those before it that are whole, and, if it is whole itself, all elements of others.

    Elements of two operations wait for one another only where elements.csv says so.
    """
    rows = {one.operation: one for one in operations}
    found: dict[str, None] = {}
    ahead, seen = list(operation.after), set(operation.after)
    while ahead:
        name = ahead.pop(0)
        if not parts[name]:
            found[name] = None
            continue
        if not parts[operation.operation]:
            found |= dict.fromkeys(row.element for row in parts[name])
        more = [one for one in rows[name].after if one not in seen]
        seen |= set(more)
        ahead += more
    return tuple(found)


def _wage(plant: Plant, skill: str, day: object, draw: Draw) -> float:
    row = next(one for one in plant.scenario.skills if one.skill == skill)
    shifts = shifts_at(plant.shifts[row.calendar], day) if row.calendar else 1  # type: ignore[arg-type]
    return draw(row.wage) * YEAR * shifts


def _annual(plant: Plant, price: Quantity, draw: Draw) -> float:
    money, whole = plant.scenario.settings.money, draw(price)
    if money.equipment_life is None:
        return whole
    interest = draw(money.discount) * YEAR if money.discount is not None else 0.0
    return whole * annuity(draw(money.equipment_life) / YEAR, interest)


@dataclass(frozen=True, slots=True)
class BayLoad:
    """What a bay does: places, those that today's plan has in the end, and the share of its time that is needed.

    `operations`: those that are done there; where it is a part of one, how many of its elements. `elements`: all, in
    their order. `models`: the share of its time that each model would need if all pieces were it; none where all are
    alike.
    """

    bay: str
    operations: tuple[str, ...]
    places: int
    planned: int
    load: float
    elements: tuple[str, ...] = ()
    models: Mapping[str, float] = field(default_factory=dict)


def planned_loads(plant: Plant, route: str, line: GeneralLine, takt: float) -> Sequence[BayLoad]:
    """One row per station of today that has places in the end, with what it does there; loads of a takt [s]."""
    places = {
        bay.name: plant.equipment.planned_places(bay.name, plant.scenario.settings.scenario.end) for bay in line.bays
    }
    order = {
        bay.name: there
        for bay in line.bays
        if places[bay.name]
        and (there := tuple(one.name for one in line.elements if line.now.get(one.name) == bay.name))
    }
    return bay_loads(plant, route, GeneralAssignment(line, order, places), takt)


def bay_loads(plant: Plant, route: str, assignment: GeneralAssignment, takt: float) -> Sequence[BayLoad]:
    """One row per bay with work, in the order of the flow; loads of a takt [s]."""
    last = plant.scenario.settings.scenario.end
    whole = {row.element: row.operation for row in plant.process.elements[route]}
    count = Counter(whole.values())
    rows = []
    for bay in (bay.name for bay in assignment.line.bays if bay.name in assignment.order):
        there, places = assignment.order[bay], assignment.places[bay]
        operations = Counter(whole.get(name, name) for name in there)
        told = tuple(name if n >= count.get(name, 1) else f"{name} {n}/{count[name]}" for name, n in operations.items())
        shares = assignment.line.shares
        models = {name: assignment.load(bay, name, 1.0) / (takt * places) for name in shares if len(shares) > 1}
        load = assignment.mean_load(bay, 1.0) / (takt * places)
        rows.append(BayLoad(bay, told, places, plant.equipment.planned_places(bay, last), load, there, models))
    return rows
