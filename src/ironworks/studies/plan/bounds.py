"""What no plan can get around: floor that the work takes at full load, parts that suppliers can bring until then."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.calendar import DAY, on_time, seconds
from ironworks.factory.plant import Plant
from ironworks.factory.targets import TRAILING
from ironworks.factory.workload import Workload, arisings, workload
from ironworks.scenario import Draw, Scenario
from ironworks.studies.plan.decisions import weekend_shifts
from ironworks.studies.plan.schedule import Step
from ironworks.studies.plan.target import Aim

__all__ = ["Bound", "bounds"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bound:
    """`needs` and `has` (N,) in N futures, of the floor of all sites [m2] or of a supplier's pieces [its units].

    `strict`: no plan of these routes and shifts meets the target where it needs more than there is. The others compare
    what the target's rate takes with what the supplier brings on its day, which stocks can bridge for a while.
    """

    kind: str
    name: str
    needs: Floats
    has: Floats
    strict: bool

    @property
    def chance(self) -> float:
        """Share of futures in which there is enough."""
        return float((self.needs <= self.has).mean())

    def factor(self, probability: float) -> float:
        """How many times as much as there is suffices with a probability."""
        ratio = np.where(self.has > 0.0, self.needs / np.where(self.has > 0.0, self.has, 1.0), np.inf)
        return float(np.quantile(ratio, probability, method="higher"))


def bounds(
    scenario: Scenario, aim: Aim, mixes: Mapping[str, Sequence[Step]], *, seed: int, draws: int = 100
) -> list[Bound]:
    """Every bound, over the steps of programmes that reach the target, each wholly at one of the sites.

    The floor of all sites together is counted for the site whose stations need least of it in a future: work is shared
    between sites in proportion, so that no mix needs less. Stations work all their shifts and on weekends too, at full
    load; places are whole where there is one site, and may be shared out in parts where there are more.
    """
    start = scenario.settings.scenario.start
    plant = Plant(replace(scenario, calendars=(*scenario.calendars, *weekend_shifts(scenario, start))))
    futures = [scenario.draw(seed, i) for i in range(draws)]
    floor_needs, floor_has = np.zeros(draws), np.zeros(draws)
    parts: dict[tuple[str, bool], list[tuple[float, float]]] = defaultdict(list)
    sites = {route.site for route in plant.process.routes_of(aim.item)}
    for i, draw in enumerate(futures):
        arising = arisings(plant, draw)
        works = {name: workload(plant, aim.item, draw, steps[-1].routes, arising) for name, steps in mixes.items()}
        whole = len(works) == 1
        floor_needs[i] = min(
            _floor(plant, work, _rate(aim), mixes[name][-1], draw, whole) for name, work in works.items()
        )
        floor_has[i] = sum(draw(one.area) for one in scenario.sites if one.site in sites)
        for key, pair in _supply(plant, next(iter(works.values())), aim, draw).items():
            parts[key].append(pair)
    found = [Bound("floor", " and ".join(sorted(sites)), floor_needs, floor_has, True)]
    for (name, strict), pairs in parts.items():
        needs, has = np.array(pairs).T
        found.append(Bound("supply", name, needs, has, strict))
    return sorted(found, key=lambda one: (not one.strict, one.chance, one.kind, one.name))


def _rate(aim: Aim) -> float:
    """Pieces a second that have to be made at least on average in the span that counts."""
    return aim.quantity if aim.kind == "rate" else aim.quantity / (((aim.day - aim.begins).days + 1) * DAY)


def _floor(plant: Plant, work: Workload, rate: float, step: Step, draw: Draw, whole: bool) -> float:
    """Floor of the places that the work takes at least [m2]."""
    total = 0.0
    for name, seconds_each in work.stations.items():
        row = plant.equipment.stations[name]
        shift = on_time(plant.on_shift[row.calendar], step.begins, step.ends) / (step.ends - step.begins)
        if shift and row.footprint:
            places = seconds_each * rate / (shift * plant.equipment.availability(name, draw))
            total += (math.ceil(places - 1e-9) if whole else places) * draw(row.footprint)
    return total


def _supply(plant: Plant, work: Workload, aim: Aim, draw: Draw) -> dict[tuple[str, bool], tuple[float, float]]:
    """(supplier, strict): what is needed and what can come; all until the end, and a second's at the end."""
    parts = {part.part: part for part in plant.scenario.parts}
    each: dict[str, float] = defaultdict(float)
    stock: dict[str, float] = defaultdict(float)
    for name, pieces in work.bought.items():
        part = parts[name]
        if part.supplier:
            each[part.supplier] += pieces * draw(part.supplier_units) / draw(part.incoming_yield)
            stock[part.supplier] += part.initial_stock * draw(part.supplier_units)
    end = seconds(plant.start, aim.day + timedelta(days=1))
    counted = TRAILING if aim.kind == "rate" else end - seconds(plant.start, aim.begins)
    found = {}
    for supplier in plant.supply.suppliers(draw):
        if supplier.name in each:
            steps = sorted(supplier.ceiling)
            until = [*(at for at, _ in steps[1:]), end]
            brought = sum(rate * max(0.0, min(stop, end) - at) for (at, rate), stop in zip(steps, until, strict=True))
            now = next((rate for at, rate in reversed(steps) if at <= end), 0.0)
            needs = each[supplier.name] * _rate(aim)
            found[supplier.name, True] = (needs * counted, brought + stock[supplier.name])
            found[supplier.name, False] = (needs, now)
    return found
