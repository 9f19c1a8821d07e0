"""What is carried at a site on a day: stations and stores as departments, and trips between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ironworks.factory.calendar import DAY
from ironworks.factory.layout import Department, Haul
from ironworks.factory.plant import Plant
from ironworks.factory.premises import in_words, space_of_station, space_of_store
from ironworks.factory.sharing import is_planned, planned_rate
from ironworks.factory.site import Site
from ironworks.factory.supply import REVIEW
from ironworks.rows.process import Operation, Route
from ironworks.rows.spaces import Store
from ironworks.scenario import Draw

__all__ = ["MaterialFlow", "material_flow"]

#: Carried at once where no store says it [kg].
_TRIP = 100.0


@dataclass(frozen=True)
class MaterialFlow:
    """Departments and hauls of one site on a day; `of` names the department of each station, store and dock."""

    departments: tuple[Department, ...]
    hauls: tuple[Haul, ...]
    of: dict[str, str]
    leaving: dict[tuple[str, str], tuple[str, tuple[tuple[str, float], ...]]]
    """Department of each (route, operation), and where lots go from there: departments and docks with their share."""


def material_flow(plant: Plant, name: str, site: Site, day: date, draw: Draw) -> MaterialFlow:
    """What stands and is carried at a site on a day, as planned: places, rates of routes, stocks, and rework.

    Rates are those of the programme on that day; defects are as rare as in the long run. Loads move as lots of their
    route, bought parts in the trips of their store.
    """
    return _Carrying(plant, name, site, day, draw).found()


class _Carrying:
    def __init__(self, plant: Plant, name: str, site: Site, day: date, draw: Draw) -> None:
        self._plant, self._site, self._day, self._draw = plant, name, day, draw
        self._bom = plant.process.bom
        self._mass = {part.part: self._bom.mass(part.part, draw) for part in plant.scenario.parts}
        self._rates = self._lots_a_day()
        here = {route.route for route in plant.scenario.routes if route.site == name}
        self._routes = {route: rate for route, rate in self._rates.items() if route in here}
        self._stores = [store for store in plant.scenario.stores if store.site == name]
        ready = {hall.name for hall in site.ready(day)}
        docks = [dock for dock in plant.scenario.docks if dock.hall in ready]
        self._gates = {way: [dock.dock for dock in docks if dock.goods in (way, "both")] for way in ("in", "out")}
        self._stock: dict[str, float] = defaultdict(float)
        self._trips: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._leaving: dict[tuple[str, str], tuple[str, tuple[tuple[str, float], ...]]] = {}

    def found(self) -> MaterialFlow:
        """Walk all routes of the site that run, then name what stands."""
        for route, lots in self._routes.items():
            self._walk(self._plant.process.routes[route], lots)
        stations = {
            row.station: row
            for row in self._plant.scenario.stations
            if row.site == self._site and self._plant.equipment.planned_places(row.station, self._day)
        }
        names = in_words(self._plant.scenario, self._site)
        departments = [
            Department(
                names[station], space_of_station(self._plant.scenario, row, names[station], self._draw),
                self._plant.equipment.planned_places(station, self._day), self._family(station),
            )
            for station, row in stations.items()
        ]  # fmt: skip
        for store in self._stores:
            if store.store in self._stock:
                places = max(1, math.ceil(self._stock[store.store] / self._draw(store.load)))
                space = space_of_store(store, names[store.store], self._draw)
                departments.append(Department(names[store.store], space, places, "store"))
        there = {*stations, *self._stock, *(gate for gates in self._gates.values() for gate in gates)}
        known = {name: words for name, words in names.items() if name in there}
        hauls = tuple(
            Haul(known[source], known[target], trips, load)
            for (source, target), (trips, load) in self._trips.items()
            if source in known and target in known and source != target
        )
        leaving = {
            key: (known[here], tuple((known[target], share) for target, share in ends if target in known))
            for key, (here, ends) in self._leaving.items() if here in known
        }  # fmt: skip
        return MaterialFlow(tuple(departments), hauls, known, leaving)

    def _family(self, station: str) -> str:
        """The item that is made there first, or which it goes into alone; the final product's tests are apart."""
        rows = [row for row in self._plant.scenario.operations if row.station == station]
        if not rows:
            return "rework"
        item = self._plant.process.routes[rows[0].route].item
        final = {row.item for row in self._plant.scenario.items if row.final}
        parents = self._bom.used_in(item)
        if item not in final and len(parents) == 1 and parents[0] not in final and self._bom.is_made(parents[0]):
            item = parents[0]
        return f"{item}: test" if item in final and any(row.test for row in rows) else item

    def _lots_a_day(self) -> dict[str, float]:
        """Lots a day of each route that is planned to run; routes of an item share its programme by what they pass."""
        found = {}
        process, equipment = self._plant.process, self._plant.equipment
        for item, lot in process.lots.items():
            routes = [one for one in process.routes_of(item) if is_planned(one, process, equipment, self._day)]
            rates = [planned_rate(route, process, equipment, self._draw, self._day) for route in routes]
            lots = self._plant.supply.demand_rate(item, self._day) * DAY / lot
            for route, rate in zip(routes, rates, strict=True):
                found[route.route] = lots * rate / (sum(rates) or 1.0)
        return found

    def _walk(self, route: Route, lots: float) -> None:
        operations = self._plant.process.operations[route.route]
        lot = self._plant.process.lots[route.item]
        load = self._mass.get(route.item, 0.0) * lot
        for one, following in pairwise(operations):
            self._carry(one.station, following.station, lots, load)
            self._leaving[route.route, one.operation] = one.station, ((following.station, 1.0),)
        for operation in operations:
            self._fetch(operation, lots * lot)
        self._rework(route, operations, lots, load)
        last = operations[-1]
        ends = list(self._goals(route))
        for target, share in ends:
            self._carry(last.station, target, lots * share, load)
        self._leaving[route.route, last.operation] = last.station, tuple(ends)
        store = self._store(route.item)
        if store is not None:
            self._stock[store.store] += (route.base_stock or 0) * load

    def _goals(self, route: Route) -> Iterator[tuple[str, float]]:
        """Where finished lots go, with their share: to their store, to who takes them at the site, or out."""
        store = self._store(route.item)
        if store is not None:
            yield store.store, 1.0
            return
        takers = {name: rate for name, rate in self._takers(route.item) if rate > 0.0}
        total = sum(takers.values())
        made = sum(self._routes[one.route] for one in self._made_here(route.item))
        lot = self._plant.process.lots[route.item]
        inside = min(1.0, total / (made * lot)) if made and takers else 0.0
        for station, rate in takers.items():
            yield station, inside * rate / total
        gates = self._gates["out"]
        for gate in gates if inside < 1.0 - 1e-9 else ():
            yield gate, (1.0 - inside) / len(gates)

    def _made_here(self, item: str) -> list[Route]:
        return [route for route in self._plant.process.routes_of(item) if route.route in self._routes]

    def _takers(self, item: str) -> Iterator[tuple[str, float]]:
        """Stations of the site that take an item, with pieces a day."""
        for route, lots in self._routes.items():
            pieces = lots * self._plant.process.lots[self._plant.process.routes[route].item]
            for operation in self._plant.process.operations[route]:
                for part, each in operation.consumes:
                    if part == item:
                        yield operation.station, pieces * each

    def _fetch(self, operation: Operation, pieces: float) -> None:
        """Bring what an operation takes of `pieces` a day: from its store, from a gate, or as its makers hand it on."""
        for part, each in operation.consumes:
            kilograms = pieces * each * self._mass.get(part, 0.0)
            store, lot = self._store(part), self._plant.process.lots.get(part)
            # A lot that was made comes as one, however light.
            trips = pieces * each / lot if lot else kilograms / (self._draw(store.trip) if store else _TRIP)
            load = kilograms / trips if trips else 0.0
            if store is not None:
                self._carry(store.store, operation.station, trips, load)
            if self._made_here(part):
                continue
            goal = store.store if store is not None else operation.station
            for gate in self._gates["in"]:
                self._carry(gate, goal, trips / len(self._gates["in"]), load)
            if store is not None:
                row = next((one for one in self._plant.scenario.parts if one.part == part), None)
                cover = REVIEW + (self._draw(row.cover) if row is not None else 0.0)
                self._stock[store.store] += kilograms * cover / DAY

    def _store(self, part: str) -> Store | None:
        """Who holds a part at the site; bought parts that nobody names are where `holds` is empty."""
        named = next((store for store in self._stores if part in store.holds), None)
        if named is not None or part in self._plant.process.lots:
            return named
        return next((store for store in self._stores if not store.holds), None)

    def _rework(self, route: Route, operations: list[Operation], lots: float, load: float) -> None:
        station = {operation.operation: operation.station for operation in operations}
        repairs = {row.repair: row for row in self._plant.scenario.repairs if row.route == route.route}
        for defect in self._plant.scenario.defects:
            repair = repairs.get(defect.repair or "")
            if defect.route != route.route or defect.test is None or repair is None:
                continue
            mature = defect.mature if defect.mature is not None else defect.probability
            found = lots * self._draw(mature) * self._draw(defect.coverage)
            self._carry(station[defect.test], repair.station, found, load)
            self._carry(repair.station, station[defect.return_to or defect.test], found, load)

    def _carry(self, source: str, target: str, trips: float, load: float) -> None:
        if trips > 0.0:
            haul = self._trips[source, target]
            haul[0] += trips
            haul[1] = max(haul[1], load)
