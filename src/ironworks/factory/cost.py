"""What a replication costs, by calendar year: investment, people, energy by time of day, material, overhead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.calendar import DAY, YEAR, on_time, years
from ironworks.factory.flow.result import Replication, State
from ironworks.factory.plant import Plant
from ironworks.factory.routings import defect_name
from ironworks.scenario import Draw

__all__ = ["CostModel", "YearCost", "annuity", "tariff_shares"]

Floats = NDArray[np.float64]
_IDLE = [State.DOWN, State.WAITING_REPAIR, State.BLOCKED, State.STARVED, State.WAITING_SKILL, State.WAITING_PART]
_BUSY = [State.WORKING, State.SETUP]


@dataclass(frozen=True, slots=True)
class YearCost:
    """Money [base currency], energy [J] and pieces of one calendar year of one replication.

    `investment` is spent in the year of installation; `depreciation` spreads it over the equipment's life, as an
    annuity where there is a discount rate, and is 0 where the scenario gives no life.
    """

    year: int
    units: float
    investment: float
    depreciation: float
    people: float
    energy: float
    material: float
    overhead: float
    joules: float

    @property
    def total(self) -> float:
        """Yearly cost with depreciation in place of the investment [base currency]."""
        return self.depreciation + self.people + self.energy + self.material + self.overhead

    @property
    def per_unit(self) -> float:
        """Cost of one final product [base currency]; nan where none was made."""
        return self.total / self.units if self.units else float("nan")


def tariff_shares(
    spans: Floats, peak: Sequence[tuple[int, int]], valley: Sequence[tuple[int, int]]
) -> tuple[float, float, float]:
    """Shares of on-shift time in peak, flat and valley hours; hours as pairs of seconds after midnight."""
    days = int(np.ceil(spans[-1, 1] / DAY)) if len(spans) else 0
    total = float((spans[:, 1] - spans[:, 0]).sum())
    if not total:
        return 0.0, 1.0, 0.0
    # A sample of four weeks from the middle stands for all: calendars repeat.
    first = max(0, days // 2 - 14)
    window = range(first, min(days, first + 28))
    inside = on_time(spans, window.start * DAY, window.stop * DAY) or 1.0
    share = [
        sum(on_time(spans, d * DAY + b, d * DAY + e) for d in window for b, e in hours) / inside
        for hours in (peak, valley)
    ]
    return share[0], 1.0 - share[0] - share[1], share[1]


def annuity(life: float, rate: float) -> float:
    """The share of an investment to be paid each year over `life` years at an interest of `rate` per year."""
    return 1.0 / life if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -life)


class CostModel:
    """Turns replications into money; indexed once per scenario."""

    def __init__(self, plant: Plant, item: str) -> None:
        self._plant, self._item = plant, item
        scenario = plant.scenario
        self._money = scenario.settings.money
        general = scenario.settings.scenario
        self._years = years(general.start, general.end)
        process = plant.process
        inside = set(process.bom.explode(item))
        self._routes = [route for route in process.routes.values() if route.item in inside]
        peak, valley = self._money.peak_hours, self._money.valley_hours
        self._shares = {name: tariff_shares(spans, peak, valley) for name, spans in plant.on_shift.items()}
        # Sites of outside users (a car plant that takes chips) are not paid for here.
        self._sites = {route.site for route in self._routes}
        self._unlisted = {route.route: self._not_taken(route.route, route.item) for route in self._routes}

    def _not_taken(self, route: str, item: str) -> dict[str, float]:
        """Bought children of an item that no operation of its route takes: they come with it."""
        taken = {part for o in self._plant.process.operations[route] for part, _ in o.consumes}
        bom = self._plant.process.bom
        return {c: n for c, n in bom.children.get(item, {}).items() if c not in taken and not bom.is_made(c)}

    def flows(self, run: Replication, draw: Draw) -> tuple[YearCost, ...]:
        """Costs of one replication by calendar year."""
        money, plant = self._money, self._plant
        into = self._year_weights(run.edges)
        pieces = into @ self._units(run)
        material = into @ self._material(run, draw)
        joules_by_bin, energy_by_bin = self._energy(run, draw)
        joules, energy = into @ joules_by_bin, into @ energy_by_bin
        spent = np.zeros(len(self._years))
        worn = np.zeros(len(self._years))
        life = draw(money.equipment_life) if money.equipment_life is not None else None
        yearly = (
            annuity(life / YEAR, draw(money.discount) * YEAR if money.discount is not None else 0.0) if life else 0.0
        )
        for at, paid in plant.equipment.spending(draw):
            for i, (_, begins, ends) in enumerate(self._years):
                if begins <= at < ends:
                    spent[i] += paid
                if life is not None:
                    worn[i] += paid * yearly * max(0.0, min(ends, at + life) - max(begins, at)) / YEAR
        flows = []
        for i, (year, begins, ends) in enumerate(self._years):
            first, last = (
                plant.start + timedelta(days=round(begins / DAY)),
                plant.start + timedelta(days=round(ends / DAY)),
            )
            people = plant.people.wages(draw, first, last)
            rent = self._rent(draw, begins, ends)
            rate = draw(money.overhead_rate) if money.overhead_rate is not None else 0.0
            overhead = rent + rate * (people + float(material[i]))
            flows.append(
                YearCost(
                    year,
                    float(pieces[i]),
                    float(spent[i]),
                    float(worn[i]),
                    people,
                    float(energy[i]),
                    float(material[i]),
                    overhead,
                    float(joules[i]),
                )
            )
        return tuple(flows)

    def _rent(self, draw: Draw, begins: float, ends: float) -> float:
        if self._money.rent is None:
            return 0.0
        price = draw(self._money.rent)
        ready = {site.site: self._plant.equipment.site_ready(site.site, draw) for site in self._plant.scenario.sites}
        sites = [site for site in self._plant.scenario.sites if site.site in self._sites]
        return sum(price * draw(site.area) * max(0.0, ends - max(begins, ready[site.site])) for site in sites)

    def _year_weights(self, edges: Floats) -> Floats:
        """(Y, B) share of each bin in each year."""
        length = np.diff(edges)
        rows = [
            np.clip(np.minimum(edges[1:], ends) - np.maximum(edges[:-1], begins), 0.0, None) / length
            for _, begins, ends in self._years
        ]
        return np.stack(rows)

    def _units(self, run: Replication) -> Floats:
        """(B,) finished pieces of the final product."""
        total = np.zeros(len(run.edges) - 1)
        for r, name in enumerate(run.names.routings):
            if self._plant.process.routes[name].item == self._item:
                total += run.finished[:, r] * float(self._plant.process.lots[self._item])
        return total

    def _material(self, run: Replication, draw: Draw) -> Floats:
        """(B,) material taken by every route of the product, at the parts' cost."""
        process = self._plant.process
        parts = {part.part: part for part in self._plant.scenario.parts}
        cost = {name: draw(part.cost) for name, part in parts.items()}
        column = {name: i for i, name in enumerate(run.names.operations)}
        inside = {route.route for route in self._routes}
        total = np.zeros(len(run.edges) - 1)
        for r, name in enumerate(run.names.routings):
            if name not in inside:
                continue
            item = process.routes[name].item
            lot = process.lots[item]
            each = cost.get(item, 0.0) + sum(n * cost[c] for c, n in self._unlisted[name].items())
            total += run.released[:, r] * (lot * each)
            for operation in process.operations[name]:
                taken = sum(
                    n * cost[part] for part, n in operation.consumes if part in parts and not process.bom.is_made(part)
                )
                if taken:
                    total += run.starts[:, column[f"{name}.{operation.operation}"]] * (lot * taken)
        repairs = {(row.route, row.repair): row for row in self._plant.scenario.repairs}
        for defect in self._plant.scenario.defects:
            if defect.route in inside and defect.repair is not None:
                mend = repairs[defect.route, defect.repair]
                taken = sum(n * cost[part] for part, n in mend.consumes if part in parts)
                key = f"{defect_name(defect.route, defect.defect)}.{mend.repair}"
                if taken and key in column:
                    total += run.starts[:, column[key]] * (process.lots[process.routes[defect.route].item] * taken)
        return total

    def _energy(self, run: Replication, draw: Draw) -> tuple[Floats, Floats]:
        """(B,) electrical energy [J] and its price: stations' power by state, priced by their shifts' tariff hours."""
        money = self._money
        flat = draw(money.energy_flat) if money.energy_flat is not None else 0.0
        peak = draw(money.energy_peak) if money.energy_peak is not None else flat
        valley = draw(money.energy_valley) if money.energy_valley is not None else flat
        joules = np.zeros(len(run.edges) - 1)
        price = np.zeros(len(run.edges) - 1)
        extra: dict[str, Floats] = defaultdict(lambda: np.zeros(len(run.edges) - 1))
        column = {name: i for i, name in enumerate(run.names.operations)}
        for operation in self._plant.scenario.operations:
            power = draw(operation.power)
            if power:
                starts = run.starts[:, column[f"{operation.route}.{operation.operation}"]]
                extra[operation.station] = extra[operation.station] + starts * (power * draw(operation.time))
        for s, name in enumerate(run.names.stations):
            row = self._plant.equipment.stations[name]
            busy = draw(row.power) if row.power is not None else 0.0
            idle = draw(row.idle_power) if row.idle_power is not None else 0.0
            states = run.states[:, s, :]
            used = states[:, _BUSY].sum(axis=1) * busy + states[:, _IDLE].sum(axis=1) * idle
            if name in extra:
                used = used + extra[name]
            at_peak, at_flat, at_valley = self._shares[row.calendar]
            joules += used
            price += used * (at_peak * peak + at_flat * flat + at_valley * valley)
        return joules, price
