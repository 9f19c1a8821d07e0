"""Targets: finished or shipped in a span, rate over the trailing four weeks, start of production."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.calendar import DAY, WEEK, seconds
from ironworks.factory.flow.result import Replication
from ironworks.rows.products import Target
from ironworks.scenario import Draw, Scenario

__all__ = ["TRAILING", "Goal", "goals", "makers", "output_times", "pieces_per_unit", "shippers", "start_of_production"]

TRAILING = 4 * WEEK
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in SI. `wanted`: pieces, pieces per second for `rate`, the deadline [s] for `sop`.

    `begins` and `ends` [s] bound the span in which units count.
    """

    row: Target
    kind: Literal["finished", "shipped", "rate", "sop"]
    wanted: float
    begins: float
    ends: float
    routes: tuple[str, ...]
    sustained: int

    def value(self, times: Floats) -> float:
        """The value that finish times [s] of single pieces give; inf for a start of production that never comes."""
        if self.kind == "sop":
            return start_of_production(times, self.sustained, self.ends)
        pieces = float(np.searchsorted(times, self.ends) - np.searchsorted(times, self.begins))
        return pieces / (self.ends - self.begins) if self.kind == "rate" else pieces

    def met(self, value: float) -> bool:
        """Whether a value reaches the target."""
        return value < self.wanted if self.kind == "sop" else value >= self.wanted * (1 - 1e-12)


def goals(scenario: Scenario) -> list[Goal]:
    """The targets of a scenario in SI, in file order."""
    general, sop = scenario.settings.scenario, scenario.settings.sop
    horizon = seconds(general.start, general.end) + DAY
    mode = scenario.mode()
    found = []
    for row in scenario.targets:
        routes = shippers(scenario, row.item) if row.kind == "shipped" else ()
        routes = routes or makers(scenario, row.item)
        at = _after(general.start, row.at, horizon)
        if row.kind == "sop":
            goal = Goal(row, "sop", at, 0.0, horizon, routes, sop.sustained_weeks if sop else 4)
        elif row.kind == "rate":
            goal = Goal(row, "rate", _wanted(row, mode), max(0.0, at - TRAILING), at, routes, 0)
        else:
            begins = seconds(general.start, row.from_) if row.from_ else 0.0
            ends = _after(general.start, row.to, horizon)
            goal = Goal(row, row.kind, _wanted(row, mode), begins, ends, routes, 0)
        found.append(goal)
    return found


def makers(scenario: Scenario, item: str) -> tuple[str, ...]:
    """Routes that finish an item."""
    return tuple(route.route for route in scenario.routes if route.item == item)


def shippers(scenario: Scenario, item: str) -> tuple[str, ...]:
    """Routes that take finished pieces of an item and deliver to nobody in the plant."""
    taken = {part for o in scenario.operations for part, _ in o.consumes}
    items = {route.route: route.item for route in scenario.routes}
    takers = {o.route for o in scenario.operations if any(part == item for part, _ in o.consumes)}
    return tuple(route for route in items if route in takers and items[route] not in taken)


def pieces_per_unit(scenario: Scenario, item: str) -> dict[str, int]:
    """Pieces of an item that one unit of each of its makers (a lot) and shippers (what it takes) stands for."""
    lots = {row.item: row.lot for row in scenario.items}
    items = {route.route: route.item for route in scenario.routes}
    pieces = dict.fromkeys(makers(scenario, item), lots[item])
    for route in shippers(scenario, item):
        each = sum(n for o in scenario.operations if o.route == route for part, n in o.consumes if part == item)
        pieces[route] = round(each * lots[items[route]])
    return pieces


def output_times(run: Replication, routes: Sequence[str], pieces: dict[str, int]) -> Floats:
    """Sorted finish times [s] of single pieces over some routes: the pieces of a unit share its time."""
    times = [np.repeat(run.finish_times[name], pieces[name]) for name in routes if name in run.finish_times]
    return np.sort(np.concatenate(times)) if times else np.empty(0)


def start_of_production(times: Floats, weeks: int, ends: float) -> float:
    """The first finish time [s] after which each of `weeks` weeks brings a unit too; inf if none before `ends`.

    times: sorted finish times [s]. The weeks must lie within the horizon `ends`.
    """
    last = np.searchsorted(times, ends - weeks * WEEK, side="right")
    starts = times[:last]
    good = np.ones(len(starts), dtype=bool)
    for week in range(weeks):
        after = np.searchsorted(times, starts + week * WEEK, side="right")
        until = np.searchsorted(times, starts + (week + 1) * WEEK, side="right")
        good &= until > after
    return float(starts[good.argmax()]) if good.any() else math.inf


def _after(start: date, day: date | None, horizon: float) -> float:
    return horizon if day is None else min(horizon, seconds(start, day) + DAY)


def _wanted(row: Target, draw: Draw) -> float:
    if row.quantity is None:
        raise ValueError(f"target {row.target} of kind {row.kind} has no quantity")
    return draw(row.quantity)
