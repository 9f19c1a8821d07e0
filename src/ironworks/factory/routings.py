"""Routes, operations, repairs and defects of a scenario as the flow's routings."""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from collections.abc import Mapping

from ironworks.factory.acceptance import Acceptance
from ironworks.factory.calendar import DAY, seconds
from ironworks.factory.equipment import Equipment
from ironworks.factory.flow.laws import Constant, Law
from ironworks.factory.flow.model import (
    Arising,
    BaseStock,
    Change,
    Conwip,
    Defect,
    Learning,
    Operation,
    Release,
    Routing,
    Saturated,
)
from ironworks.factory.process import Process, growth, half_life_growth, learning, time_law
from ironworks.factory.sharing import plan_shares
from ironworks.factory.supply import SupplyPlan
from ironworks.rows.process import Coverage, Repair, Route
from ironworks.rows.process import Defect as DefectRow
from ironworks.rows.process import Operation as OperationRow
from ironworks.scenario import Draw, Scenario

__all__ = ["Routings", "defect_name"]


def defect_name(route: str, defect: str) -> str:
    """A defect's name in the flow: defects are kept apart by route."""
    return f"{route}/{defect}"


class Routings:
    """Builds routings and defects of one replication."""

    def __init__(
        self,
        scenario: Scenario,
        process: Process,
        supply: SupplyPlan,
        equipment: Equipment,
        acceptance: Acceptance | None = None,
    ) -> None:
        general = scenario.settings.scenario
        self._acceptance = acceptance
        self._start = general.start
        self._cap = scenario.settings.control.wip_cap
        self._process, self._supply = process, supply
        self._shares = plan_shares(process, equipment, scenario.mode())
        self._families = process.families
        self._defects: dict[str, list[DefectRow]] = defaultdict(list)
        for row in scenario.defects:
            self._defects[row.route].append(row)
        self._repairs: dict[tuple[str, str], Repair] = {(r.route, r.repair): r for r in scenario.repairs}
        self._more_tests: dict[str, list[Coverage]] = defaultdict(list)
        for extra in scenario.coverage:
            self._more_tests[extra.defect].append(extra)
        self._changes = tuple(scenario.ecn)
        self._fleets = {row.fleet: row for row in scenario.fleets}
        self._ways: Mapping[tuple[str, str], float] = {}
        # Whole units that each operation takes do not change from draw to draw.
        self._takes = {
            (rows.route, rows.operation): process.consumes(rows.route, rows.consumes) for rows in scenario.operations
        }
        self._mends = {key: process.consumes(row.route, row.consumes) for key, row in self._repairs.items()}
        # Declared order decides between equals: the lower priority number first.
        self._ordered = sorted(process.routes.values(), key=lambda route: route.priority)

    def walked(self, ways: Mapping[tuple[str, str], float]) -> Routings:
        """The same with metres after each (route, operation): carriers that have a speed drive them."""
        other = copy.copy(self)
        other._ways = dict(ways)
        return other

    def travel(self, row: OperationRow, draw: Draw) -> float:
        """What carrying a lot onwards takes after an operation [s]: loading, unloading and the way, else `travel`."""
        metres = self._ways.get((row.route, row.operation))
        fleet = self._fleets.get(row.fleet or "")
        if metres is None or fleet is None or fleet.speed is None:
            return draw(row.travel)
        return draw(fleet.handling) + metres / draw(fleet.speed)

    def defects(self, draw: Draw) -> list[Defect]:
        """All defects of all routes."""
        return [self._defect(row, draw) for rows in self._defects.values() for row in rows]

    def routings(self, draw: Draw) -> list[Routing]:
        """All routings in the order in which they are served."""
        return [self._routing(route, draw) for route in self._ordered]

    def _routing(self, route: Route, draw: Draw) -> Routing:
        lot = self._process.lots[route.item]
        opens = max(0.0, seconds(self._start, route.from_)) if route.from_ else 0.0
        closes = seconds(self._start, route.until) + DAY if route.until else math.inf
        shares = self._shares.get(route.route, ())
        plan = self._supply.release_plan(route.plan, draw, opens, closes, lot, shares) if route.plan else None
        return Routing(
            name=route.route,
            operations=[self._operation(row, draw) for row in self._process.operations[route.route]],
            release=self._release(route),
            output=route.item if route.item in self._supply.stored else None,
            opens=opens,
            closes=closes,
            plan=plan,
            lot=lot,
            changes=self._changes_of(route, draw, lot),
            resampled=self._acceptance.resampled(route.route, draw) if self._acceptance else None,
        )

    def _release(self, route: Route) -> Release:
        if route.release == "stock":
            return BaseStock(route.base_stock or 1)
        if route.release == "conwip":
            cap = route.wip_cap or self._cap
            if cap is None:
                raise ValueError(
                    f"route {route.route} is conwip without a wip_cap; set it in routes.csv or in [control]"
                )
            return Conwip(cap)
        return Saturated()

    def _changes_of(self, route: Route, draw: Draw, lot: int) -> list[Change]:
        return [
            Change(
                row.ecn,
                draw(row.setback),
                serial=None if row.serial is None else math.ceil(row.serial / lot),
                time=None if row.date is None else max(0.0, seconds(self._start, row.date)),
            )
            for row in self._changes
            if (route.route in row.routes if row.routes else route.item == row.item)
        ]

    def _operation(self, row: OperationRow, draw: Draw) -> Operation:
        travel = self.travel(row, draw)
        route = row.route
        finds = {}
        if row.test:
            for defect in self._defects[route]:
                if defect.test == row.operation:
                    sure = self._resampled(route, defect.defect)
                    finds[defect_name(route, defect.defect)] = 1.0 if sure else draw(defect.coverage)
                for more in self._more_tests.get(defect.defect, ()):
                    if more.test == row.operation and more.route in (None, route):
                        finds[defect_name(route, defect.defect)] = draw(more.coverage)
        item = self._process.routes[route].item
        # Who rejects without a fault on the bench has a row that says so.
        false_reject = row.test and not (self._acceptance and self._acceptance.runs_at(route, row.operation))
        arising = [d for d in self._defects[route] if d.operation == row.operation]
        return Operation(
            name=row.operation,
            station=row.station,
            time=time_law(draw(row.time), row.distribution, draw(row.cv)),
            operators=row.operators if row.skill else 0,
            skill=row.skill,
            learning=self._learning(row, draw),
            consumes=self._takes[route, row.operation],
            arises=[self._arising(d, draw) for d in arising if not self._resampled(route, d.defect)],
            finds=finds,
            false_reject=draw(row.false_reject) if false_reject else 0.0,
            family=self._families[item] if row.setup else "",
            travel=Constant(travel) if travel > 0 else None,
            fleet=row.fleet,
        )

    def _resampled(self, route: str, defect: str) -> bool:
        return self._acceptance is not None and self._acceptance.covers(route, defect)

    def _learning(self, row: OperationRow, draw: Draw) -> Learning | None:
        key = self._process.key(row)
        if row.learning is not None:
            return learning(self._process.curves[row.learning], draw, draw(row.at_unit), key)
        # Defects grow rarer with the same count, so it is pooled in the same way.
        return Learning("crawford", 1.0, experience=key)

    def _arising(self, row: DefectRow, draw: Draw) -> Arising:
        law = None
        if row.growth is not None:
            law = growth(self._process.curves[row.growth], draw)
        elif row.experience is not None:
            law = half_life_growth(draw(row.experience))
        first = draw(row.probability)
        mature = draw(row.mature) if row.mature is not None else 0.0
        return Arising(defect_name(row.route, row.defect), first, mature if law else 0.0, law)

    def _defect(self, row: DefectRow, draw: Draw) -> Defect:
        name = defect_name(row.route, row.defect)
        operations = self._process.operations[row.route]
        back = row.return_to or row.test or operations[-1].operation
        returns = f"{row.route}.{back}"
        hold_time = draw(row.hold_time)
        hold: Law | None = Constant(hold_time) if hold_time > 0 else None
        if row.repair is None:
            # What cannot be mended is scrapped when found: no repair is allowed.
            station = next(o.station for o in operations if o.operation == back)
            return Defect(name, Operation("scrap", station, Constant(0.0)), returns, max_loops=0)
        mend = self._repairs[row.route, row.repair]
        return Defect(
            name=name,
            repair=Operation(
                name=mend.repair,
                station=mend.station,
                time=time_law(draw(mend.time), mend.distribution, draw(mend.cv)),
                operators=mend.operators if mend.skill else 0,
                skill=mend.skill,
                consumes=self._mends[row.route, row.repair],
            ),
            return_to=returns,
            success=draw(mend.success),
            max_loops=row.max_loops,
            hold=draw(row.hold) if hold is not None else 0.0,
            hold_time=hold,
            causes={defect_name(row.route, caused): chance for caused, chance in mend.causes},
        )
