"""Routes that follow one programme share it, in proportion to what each can make as planned."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from ironworks.factory.calendar import DAY
from ironworks.factory.equipment import Equipment
from ironworks.factory.process import Process
from ironworks.rows.process import Route
from ironworks.scenario import Draw

__all__ = ["is_open", "is_planned", "plan_shares", "planned_rate"]


def is_open(route: Route, equipment: Equipment, day: date) -> bool:
    """Whether a route may run on a day: between its dates, and on its side of the moves."""
    if (route.from_ is not None and day < route.from_) or (route.until is not None and day > route.until):
        return False
    return not any(
        (route.route in move.routes and day >= move.date)
        or (route.route in move.to_routes and route.from_ is None and day < move.date)
        for move in equipment.moves
    )


def is_planned(route: Route, process: Process, equipment: Equipment, day: date) -> bool:
    """Whether a route is to run on a day: between its dates, before its move, with all stations planned to stand."""
    return is_open(route, equipment, day) and all(
        equipment.planned_places(o.station, day) > 0 for o in process.operations[route.route]
    )


def planned_rate(route: Route, process: Process, equipment: Equipment, draw: Draw, day: date) -> float:
    """Lots per on-shift second that the planned places of a route's slowest station pass, at the times' own units."""
    if not is_planned(route, process, equipment, day):
        return 0.0
    load: dict[str, float] = defaultdict(float)
    for operation in process.operations[route.route]:
        load[operation.station] += draw(operation.time)
    rates = [equipment.planned_places(name, day) / work for name, work in load.items() if work > 0]
    return min(rates, default=1.0)


def plan_shares(process: Process, equipment: Equipment, draw: Draw) -> dict[str, list[tuple[float, float]]]:
    """Share of its programme that each route follows, as steps (time [s], share 0..1), for routes that share one.

    A route alone on its programme is left out: it follows the whole. While no route is planned to run, all follow it:
    whichever is there first may begin.
    """
    users: dict[str, list[Route]] = defaultdict(list)
    for route in process.routes.values():
        if route.plan is not None:
            users[route.plan].append(route)
    found: dict[str, list[tuple[float, float]]] = {}
    for routes in users.values():
        if len(routes) < 2:
            continue
        steps: dict[str, list[tuple[float, float]]] = {route.route: [] for route in routes}
        for at in equipment.planned_changes(routes):
            day = equipment.start + timedelta(days=int(at // DAY))
            rates = [planned_rate(route, process, equipment, draw, day) for route in routes]
            total = sum(rates)
            for route, rate in zip(routes, rates, strict=True):
                steps[route.route].append((at, rate / total if total else 1.0))
        found.update(steps)
    return found
