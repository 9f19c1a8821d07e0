"""The plant: a scenario and a draw of its figures become the model that the flow simulates."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping

from ironworks.factory.acceptance import Acceptance
from ironworks.factory.calendar import DAY, Floats, by_calendar, intervals
from ironworks.factory.equipment import Equipment
from ironworks.factory.flow.laws import Constant
from ironworks.factory.flow.model import Calendar, Crew, Failures, Fleet, Model, Move, Skill, Station
from ironworks.factory.people import People
from ironworks.factory.process import Process, growth, time_law
from ironworks.factory.routings import Routings
from ironworks.factory.supply import SupplyPlan
from ironworks.rows.plant import Station as StationRow
from ironworks.scenario import Draw, Scenario
from ironworks.verdicts import Verdicts

__all__ = ["Plant"]


class Plant:
    """One scenario, indexed once, from which each replication's model is built in some tens of milliseconds."""

    def __init__(self, scenario: Scenario, verdicts: Verdicts | None = None) -> None:
        """With `verdicts` of the bench its units are resampled, row by row, where bench.csv says so.

        Raises ScenarioFaults where bench.csv and the verdicts do not fit.
        """
        general = scenario.settings.scenario
        self.scenario = scenario
        self.start = general.start
        self.days = (general.end - general.start).days + 1
        self.process = Process(scenario)
        self.supply = SupplyPlan(scenario, self.process)
        self.people = People(scenario)
        self.equipment = Equipment(scenario)
        self.acceptance = Acceptance(scenario, self.process, verdicts) if verdicts is not None else None
        self._routings = Routings(scenario, self.process, self.supply, self.equipment, self.acceptance)
        holidays = [row.date for row in scenario.holidays]
        self.shifts = by_calendar(scenario.calendars)
        self.on_shift: dict[str, Floats] = {
            name: intervals(rows, self.start, self.days, holidays) for name, rows in self.shifts.items()
        }
        self._calendars = [Calendar(name, spans) for name, spans in self.on_shift.items()]
        self._swap = scenario.settings.control.deadlock == "swap"

    def walked(self, ways: Mapping[tuple[str, str], float]) -> Plant:
        """The same plant with carriers that drive so many metres after each (route, operation)."""
        other = copy.copy(self)
        other._routings = self._routings.walked(ways)
        return other

    @property
    def horizon(self) -> float:
        """Seconds from 00:00 of the first day to the end of the last."""
        return self.days * DAY

    def model(self, draw: Draw) -> Model:
        """The model of one replication, with the figures of `draw`."""
        scenario = self.scenario
        return Model(
            stations=[self._station(row, draw) for row in scenario.stations],
            routings=self._routings.routings(draw),
            stores=self.supply.stores(draw),
            defects=self._routings.defects(draw),
            suppliers=self.supply.suppliers(draw),
            skills=[self._skill(row.skill, draw) for row in scenario.skills],
            crews=[Crew(row.crew, row.size, row.calendar) for row in scenario.crews],
            fleets=[Fleet(row.fleet, row.carriers) for row in scenario.fleets],
            calendars=self._calendars,
            moves=list(self._moves(draw)),
        )

    def _station(self, row: StationRow, draw: Draw) -> Station:
        places, schedule = self.equipment.places(row.station, draw)
        setup = draw(row.setup_time)
        return Station(
            name=row.station,
            places=places,
            buffer=math.inf if row.buffer is None else row.buffer,
            calendar=row.calendar,
            attended=row.attended,
            blocking=row.blocking,
            failures=self._failures(row, draw),
            interruption=row.interruption,
            shift_end=row.shift_end,
            setup=Constant(setup) if setup > 0 else None,
            # What comes after the horizon stays in: a station that never stands would look like a fault.
            schedule=schedule,
            swap=self._swap,
        )

    def _failures(self, row: StationRow, draw: Draw) -> Failures | None:
        if row.failure == "none" or row.mtbf is None or row.mttr is None:
            return None
        curve = self.process.curves[row.mtbf_growth] if row.mtbf_growth else None
        return Failures(
            uptime=time_law(draw(row.mtbf), "exponential", 1.0),
            repair=time_law(draw(row.mttr), row.repair_distribution, _REPAIR_SPREAD.get(row.repair_distribution, 0.0)),
            mode=row.failure,
            crew=row.crew,
            growth=growth(curve, draw) if curve else None,
        )

    def _skill(self, name: str, draw: Draw) -> Skill:
        return Skill(name, self.people.headcount(name, draw, draw.seed, draw.replication))

    def _moves(self, draw: Draw) -> Iterable[Move]:
        for row in self.equipment.moves:
            yield Move(
                name=row.move,
                time=self.equipment.move_time(row, draw),
                routings=row.routes,
                stations=row.stations,
                duration=Constant(draw(row.duration) + draw(row.requalification)),
                places=self.equipment.moved_places(row),
                # A route with an opening date of its own does not wait for the move, it only takes over experience.
                to_routings=[name for name in row.to_routes if self.process.routes[name].from_ is None],
                experience=self._handed_over(row.routes, row.to_routes),
                keep=draw(row.keep),
            )

    def _handed_over(self, old: Iterable[str], new: Iterable[str]) -> list[tuple[str, str]]:
        """Pairs of experience: what an operation learnt here, the one of the same name and family knows there."""
        there = {}
        for route in new:
            family = self.process.families[self.process.routes[route].item]
            for operation in self.process.operations[route]:
                there[operation.operation, family] = self.process.key(operation)
        pairs = []
        for route in old:
            family = self.process.families[self.process.routes[route].item]
            for operation in self.process.operations[route]:
                key = self.process.key(operation)
                goal = there.get((operation.operation, family))
                if goal is not None and goal != key and (key, goal) not in pairs:
                    pairs.append((key, goal))
        return pairs


# Spread of repair times by law: triangular and PERT reach from 0.2 to 1.8 of their mean.
_REPAIR_SPREAD = {"lognormal": 0.75, "gamma": 0.75, "triangular": 0.8 / math.sqrt(6.0), "pert": 0.8 / math.sqrt(7.0)}
