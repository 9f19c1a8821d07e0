"""Supply: planned demand of each part from the programme, and the stores with their order-up-to levels."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.calendar import DAY, WEEK, seconds
from ironworks.factory.flow.laws import Constant
from ironworks.factory.flow.model import Store, Supplier, Supply
from ironworks.factory.process import Process
from ironworks.quantities import Quantity
from ironworks.rows.products import Part, SupplyStep
from ironworks.scenario import Draw, Scenario

__all__ = ["REVIEW", "SupplyPlan"]

REVIEW = WEEK
Floats = NDArray[np.float64]


class SupplyPlan:
    """Who needs how much of which part when, as planned; stores and suppliers of one replication.

    Each bought part is reviewed every week and ordered up to the planned demand over lead time, review and cover,
    plus what the routes' stocks and works in process hold of it once, divided by its planned incoming yield.
    """

    def __init__(self, scenario: Scenario, process: Process) -> None:
        general = scenario.settings.scenario
        self._start = general.start
        self._horizon = scenario.planned_days * DAY
        self._process = process
        self._scenario = scenario
        self._mode = scenario.mode()
        self._parts: dict[str, Part] = {part.part: part for part in scenario.parts}
        self._caps = {item.item: item.stock_cap for item in scenario.items}
        self._lots = process.lots
        self.programme: dict[str, list[tuple[date, Quantity]]] = defaultdict(list)
        for row in sorted(scenario.programme, key=lambda row: row.from_):
            self.programme[row.item].append((row.from_, row.rate))
        self._needs = self._needs_per_item()
        self._fills = self._fill()
        self.stored = self._stored()
        self._levels = {name: self._level(self._parts[name]) for name in self.stored if self._is_bought(name)}
        self._supply_rows: dict[str, list[SupplyStep]] = defaultdict(list)
        for step in sorted(scenario.supply, key=lambda row: row.from_):
            rows = self._supply_rows[step.supplier]
            if step.from_ <= self._start:
                # It replaces what held before the first day.
                rows.clear()
            rows.append(step)

    def planned(self, item: str, draw: Draw, times: Sequence[float] | Floats) -> Floats:
        """Cumulative programme of an item [pieces] at times [s]; 0 before its first date."""
        at = np.asarray(times, dtype=float)
        total = np.zeros(len(at))
        steps = self.programme.get(item, [])
        for i, (day, rate) in enumerate(steps):
            begins = seconds(self._start, day)
            ends = seconds(self._start, steps[i + 1][0]) if i + 1 < len(steps) else math.inf
            total += draw(rate) * np.clip(np.minimum(at, ends) - begins, 0.0, None)
        return total

    def release_plan(
        self, item: str, draw: Draw, opens: float, closes: float, lot: int, shares: Sequence[tuple[float, float]] = ()
    ) -> list[tuple[float, float]]:
        """Cumulative lots that a route may have released, piecewise linear: its share of the programme since it opened.

        `shares`: (time [s], share), sorted; the whole programme where empty.
        """
        days = [seconds(self._start, day) for day, _ in self.programme[item]]
        end = min(closes, self._horizon)
        begin = max(0.0, opens)
        inner = {t for t in (*days, *(at for at, _ in shares)) if begin < t < end}
        cuts = sorted({begin, end, *inner})
        planned = np.diff(self.planned(item, draw, cuts)).tolist()
        total, plan = 0.0, [(begin, 0.0)]
        for first, until, pieces in zip(cuts, cuts[1:], planned, strict=False):
            total += pieces * next((share for at, share in reversed(shares) if at <= first), 1.0)
            plan.append((until, total / lot))
        return plan

    def demand(self, part: str, times: Sequence[float] | Floats) -> Floats:
        """Cumulative planned demand of a part [pieces] at times [s], at the figures' values."""
        total = np.zeros(len(times))
        for item, needs in self._needs.items():
            if part in needs:
                total += needs[part] * self.planned(item, self._mode, times)
        return total

    def demand_rate(self, part: str, day: date) -> float:
        """Planned demand of a part on a day [pieces per second]."""
        at = seconds(self._start, day)
        return float(np.diff(self.demand(part, [at, at + DAY]))[0] / DAY)

    def stores(self, draw: Draw) -> list[Store]:
        """Stores of all parts and items that operations take or routes make."""
        return [self._store(name, draw) for name in self.stored]

    def suppliers(self, draw: Draw) -> list[Supplier]:
        """Suppliers that have a ceiling; the others deliver whatever is ordered."""
        return [
            Supplier(name, [(max(0.0, seconds(self._start, row.from_)), draw(row.ceiling)) for row in rows])
            for name, rows in self._supply_rows.items()
        ]

    def long_lead(self) -> list[tuple[Part, date, date, float, float]]:
        """Parts marked long_lead: (part, needed from, order by, lead [s], pieces per second), one row per rise."""
        rows = []
        end = self._start + timedelta(days=round(self._horizon / DAY))
        days = sorted({day for steps in self.programme.values() for day, _ in steps if day < end})
        for part in self._parts.values():
            if not part.long_lead or part.make_or_buy != "buy" or part.lead_time is None:
                continue
            lead = self._mode(part.lead_time)
            before = 0.0
            for day in days:
                rate = self.demand_rate(part.part, max(day, self._start))
                if rate > before:
                    rows.append((part, day, day - timedelta(days=math.ceil(lead / DAY)), lead, rate))
                before = rate
        return rows

    def _is_bought(self, name: str) -> bool:
        return not self._process.bom.is_made(name)

    def _needs_per_item(self) -> dict[str, dict[str, float]]:
        """Pieces of every part per piece of a programme item, without what another programme item in it takes."""
        exploded = {item: self._process.bom.explode(item) for item in self.programme}
        for item in self.programme:
            # An item outside the parts list has no bill of materials: its operations say what it takes.
            if len(exploded[item]) == 1:
                for route in self._process.routes_of(item)[:1]:
                    for operation in self._process.operations[route.route]:
                        for child, each in operation.consumes:
                            for name, n in self._process.bom.explode(child).items():
                                exploded[item][name] = exploded[item].get(name, 0.0) + each * n
        needs = {}
        for item, whole in exploded.items():
            own = dict(whole)
            for other in self.programme:
                if other != item and other in whole:
                    for name, n in exploded[other].items():
                        own[name] = own.get(name, 0.0) - whole[other] * n
            needs[item] = {name: n for name, n in own.items() if n > 1e-9}
        return needs

    def _fill(self) -> dict[str, tuple[float, float]]:
        """Pieces of a part that stocks and works in process hold once, and from when [s]."""
        found: dict[str, tuple[float, float]] = {}
        for route in self._process.routes.values():
            lots = route.base_stock or route.wip_cap or 0
            opens = seconds(self._start, route.from_) if route.from_ else 0.0
            for operation in self._process.operations[route.route]:
                for part, each in operation.consumes:
                    pieces, first = found.get(part, (0.0, opens))
                    found[part] = (pieces + lots * each * self._lots[route.item], min(first, opens))
        return found

    def _stored(self) -> list[str]:
        taken = {part for rows in self._process.operations.values() for o in rows for part, _ in o.consumes}
        taken |= {part for row in self._scenario.repairs for part, _ in row.consumes}
        taken |= {part.alternate for part in self._parts.values() if part.alternate and part.part in taken}
        known = [*self._parts, *(i for i in self._lots if i not in self._parts)]
        return [name for name in known if name in taken]

    def _level(self, part: Part) -> list[tuple[float, float]]:
        """Order-up-to steps (time [s], pieces); a new step only where the level moves by 1 % or settles."""
        lead = self._mode(part.lead_time) if part.lead_time is not None else 0.0
        times = np.arange(0.0, self._horizon, REVIEW)
        reach = lead + REVIEW + self._mode(part.cover)
        levels = self.demand(part.part, times + reach) - self.demand(part.part, times)
        pieces, opens = self._fills.get(part.part, (0.0, 0.0))
        levels = (levels + np.where(times >= opens - lead - REVIEW, pieces, 0.0)) / self._mode(part.incoming_yield)
        steps = [(0.0, float(math.ceil(levels[0])))]
        for i in range(1, len(times)):
            now = float(math.ceil(levels[i]))
            settled = i + 1 == len(times) or levels[i + 1] == levels[i]
            if now != steps[-1][1] and (settled or abs(now - steps[-1][1]) > 0.01 * steps[-1][1]):
                steps.append((float(times[i]), now))
        return steps

    def _store(self, name: str, draw: Draw) -> Store:
        part = self._parts.get(name)
        if part is None or not self._is_bought(name):
            lot = self._lots.get(name, 1)
            cap = self._caps.get(name)
            initial = (part.initial_stock if part else 0) // lot
            return Store(name, capacity=math.inf if cap is None else max(1, cap // lot), initial=initial)
        supply = Supply(
            lot=part.lot or 1,
            lead_time=Constant(draw(part.lead_time) if part.lead_time is not None else 0.0),
            order_up_to=self._levels[name],
            review=REVIEW,
            yield_=draw(part.incoming_yield),
            supplier=part.supplier if part.supplier in self._supply_rows else None,
            weight=draw(part.supplier_units),
        )
        return Store(name, initial=part.initial_stock, supply=supply, alternate=part.alternate)
