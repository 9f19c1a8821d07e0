"""A plan without simulation: each station and skill sized so that it suffices in a given share of futures."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from ironworks.factory.calendar import DAY, on_time
from ironworks.factory.plant import Plant
from ironworks.factory.workload import Workload, arisings, workload
from ironworks.rows.plant import Expansion
from ironworks.rows.process import Operation, Repair
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions, as_planned, weekend_shifts
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.schedule import Schedule, Step
from ironworks.studies.plan.target import Aim

__all__ = ["Sizing"]

#: Share of its time that a station or a person is planned to be busy at most; the rest is waiting in a line.
_MOST_LOAD = 0.9
#: The same of a crew, for which a whole station waits.
_MOST_MENDING = 0.7
_DRAWS = 40
#: Pieces in a replication that a usual effort is for.
_USUAL = 25_000.0
#: Days after the target to which a place is put off that the plan does not need.
_BEYOND = 366

Dated = tuple[tuple[str, date, int], ...]


class Sizing:
    """Makes plans for one scenario and target from knobs; futures are drawn once, so that plans compare."""

    def __init__(self, scenario: Scenario, aim: Aim, *, seed: int) -> None:
        self.scenario, self.seed, self._aim = scenario, seed, aim
        self._start = scenario.settings.scenario.start
        self._hand = as_planned(scenario)
        self._draws = [scenario.draw(seed, i) for i in range(_DRAWS)]
        self._plant = Plant(scenario)
        self._arising = [arisings(self._plant, draw) for draw in self._draws]
        self._schedule = Schedule(self._plant, aim)
        self._rows: tuple[Operation | Repair, ...] = (*scenario.operations, *scenario.repairs)
        rows = [row for row in self._rows if self._plant.process.routes[row.route].item in self._schedule.made]
        self._stations = {row.station for row in rows}
        self._skills = {row.skill for row in rows if row.skill}
        self._own_crews = {row.crew: row.size for row in scenario.crews}
        self._works: dict[tuple[float, float, tuple[tuple[str, float], ...]], list[list[Workload]]] = {}
        limited = {row.supplier for row in scenario.supply}
        self.limited = tuple(
            part.part for part in scenario.parts if part.part in self._schedule.quantity and part.supplier in limited
        )
        """Bought parts of the item whose suppliers have a ceiling."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites that can make the item, in file order."""
        known = {route.site for route in self._plant.process.routes_of(self._aim.item)}
        return tuple(site.site for site in self.scenario.sites if site.site in known)

    @cached_property
    def ease(self) -> float:
        """Share of a usual effort that leaves a search as long as usual: below 1 where very many pieces are made."""
        pieces = sum(step.rate * (step.ends - step.begins) for step in self.steps(Knobs()))
        return min(1.0, _USUAL / pieces) if pieces else 1.0

    def steps(self, knobs: Knobs) -> list[Step]:
        """The programme's steps."""
        return self._schedule.steps(self._schedule.programme(knobs.pace, knobs.ramp), dict(knobs.mix))

    def decide(self, knobs: Knobs) -> Decisions:
        """The plan that the knobs give."""
        steps = self.steps(knobs)
        begins = max(self._start, steps[-1].day - timedelta(seconds=knobs.early))
        plant = self._plant
        if knobs.weekend:
            shifts = weekend_shifts(self.scenario, begins)
            plant = Plant(replace(self.scenario, calendars=(*self.scenario.calendars, *shifts)))
        works = self._loads(steps, knobs)
        mode = self.scenario.mode()
        used = {name for each in works[-1] for name in each.stations}
        return Decisions(
            self._places(plant, steps, works, knobs),
            self._people(plant, steps, works, knobs),
            tuple(self._schedule.programme(knobs.pace, knobs.ramp)),
            {
                part.part: mode(part.cover) + knobs.cover
                for part in self.scenario.parts
                if knobs.cover and part.part in self.limited
            },
            self._wip(steps[-1], knobs.flow),
            {
                row.station: math.ceil(row.buffer * knobs.flow)
                for row in self.scenario.stations
                if knobs.flow > 1.0 and row.buffer and row.station in used
            },
            self._carriers(steps[-1], knobs.flow),
            self._crews(plant, steps, works, knobs),
            begins if knobs.weekend else None,
        )

    def loads(self, knobs: Knobs) -> dict[str, float]:
        """Planned load of each station in the target's step: places' work over places needed, before rounding up."""
        steps = self.steps(knobs)
        need = self._needed_places(self._plant, steps[-1], self._loads(steps, knobs)[-1], knobs.assurance)
        return {name: exact / math.ceil(exact - 1e-9) for name, exact in need.items()}

    def _loads(self, steps: Sequence[Step], knobs: Knobs) -> list[list[Workload]]:
        """The work in a piece by step and draw."""
        key = (knobs.pace, knobs.ramp, knobs.mix)
        if key not in self._works:
            self._works[key] = [
                [
                    workload(self._plant, self._aim.item, draw, step.routes, arising)
                    for draw, arising in zip(self._draws, self._arising, strict=True)
                ]
                for step in steps
            ]
        return self._works[key]

    def _places(self, plant: Plant, steps: Sequence[Step], works: list[list[Workload]], knobs: Knobs) -> Dated:
        needs = [
            {
                name: math.ceil(exact - 1e-9)
                for name, exact in self._needed_places(plant, step, each, knobs.assurance).items()
            }
            for step, each in zip(steps, works, strict=True)
        ]
        names = sorted({name for need in needs for name in need})
        adjust, last = dict(knobs.extra), needs[-1]
        added: dict[tuple[str, date], int] = defaultdict(int)
        for step, need in zip(steps, needs, strict=True):
            rows = tuple(Expansion(station=name, date=day, places=n) for (name, day), n in added.items())
            standing = self._plant.equipment.with_expansions(rows)
            for name in names:
                if not need.get(name):
                    continue
                # No early step is given more than the target itself asks for.
                wanted = max(1, min(need[name], last.get(name) or need[name]) + adjust.get(name, 0))
                day = self._day(name, step.day, knobs.early)
                short = wanted - max(standing.planned_places(name, one) for one in (step.day, day))
                if short > 0 and day <= self._aim.day:
                    added[name, day] += short
        kept = [row for row in self._hand.places if row[0] not in self._stations and row[1] <= self._aim.day]
        every = [*kept, *((name, day, n) for (name, day), n in added.items())]
        return tuple(sorted([*every, *self._deferred(every)]))

    def _deferred(self, rows: Sequence[tuple[str, date, int]]) -> Iterator[tuple[str, date, int]]:
        """A place beyond the plan at each station that gets none in it, since a station without any is no station."""
        standing = {name for name, _, n in rows if n > 0}
        standing |= {row.station for row in self.scenario.stations if row.places}
        standing |= {name for move in self.scenario.moves for name in move.to_stations}
        for row in self.scenario.stations:
            if row.station not in standing:
                yield row.station, self._aim.day + timedelta(days=_BEYOND), 1

    def _needed_places(self, plant: Plant, step: Step, each: Sequence[Workload], assurance: float) -> dict[str, float]:
        """Places that suffice in a share of futures, not yet whole."""
        found = {}
        for name in sorted({name for one in each for name in one.stations}):
            calendar = plant.equipment.stations[name].calendar
            shift = on_time(plant.on_shift[calendar], step.begins, step.ends) / (step.ends - step.begins)
            if shift:
                exact = [
                    work.stations.get(name, 0.0)
                    * step.rate
                    / (shift * plant.equipment.availability(name, draw) * _MOST_LOAD)
                    for work, draw in zip(each, self._draws, strict=True)
                ]
                found[name] = float(np.quantile(exact, assurance))
        return {name: exact for name, exact in found.items() if exact > 0.0}

    def _people(self, plant: Plant, steps: Sequence[Step], works: list[list[Workload]], knobs: Knobs) -> Dated:
        needs = [self._needed_people(plant, step, each, knobs) for step, each in zip(steps, works, strict=True)]
        skills = self._skills
        kept = [row for row in self._hand.people if row[0] not in skills and row[1] <= self._aim.day]
        rows = {
            (skill, day): count for skill, day, count in self._hand.people if skill in skills and day <= self._start
        }
        before = {skill: count for (skill, _), count in sorted(rows.items(), key=lambda row: row[0][1])}
        for k, step in enumerate(steps):
            early = step.day - timedelta(days=round(knobs.early / DAY))
            for name in sorted(skills):
                have = before.get(name, 0)
                # No early step is given more than the target itself asks for; nobody leaves while there is work.
                wanted = min(needs[k].get(name, 0), needs[-1].get(name) or needs[k].get(name, 0))
                wanted = max(wanted, have) if any(name in need for need in needs[k:]) else 0
                day = max(self._start + timedelta(days=1), early) if wanted > have else step.day
                if wanted != have and day <= self._aim.day:
                    rows[name, day] = before[name] = wanted
        return tuple(sorted([*kept, *((skill, day, count) for (skill, day), count in rows.items())]))

    def _needed_people(self, plant: Plant, step: Step, each: Sequence[Workload], knobs: Knobs) -> dict[str, int]:
        found = {}
        for name in sorted({name for one in each for name in one.skills}):
            shift = self._on_shift(plant, name, step)
            exact = [
                work.skills.get(name, 0.0) * step.rate / (shift * plant.people.presence(name, draw) * _MOST_LOAD)
                for work, draw in zip(each, self._draws, strict=True)
            ]
            needed = float(np.quantile(exact, knobs.assurance)) * knobs.staff
            if needed > 0.0:
                found[name] = max(math.ceil(needed - 1e-9), self._together(name))
        return found

    def _on_shift(self, plant: Plant, skill: str, step: Step) -> float:
        """Share of time on shift: of the skill's own calendar, or the longest of the stations where it works."""
        own = next((row.calendar for row in self.scenario.skills if row.skill == skill), None)
        used = (
            {own}
            if own
            else {plant.equipment.stations[row.station].calendar for row in self._rows if row.skill == skill}
        )
        longest = max((on_time(plant.on_shift[name], step.begins, step.ends) for name in used), default=0.0)
        return longest / (step.ends - step.begins) or 1.0

    def _together(self, skill: str) -> int:
        """The most people of a skill that one operation seizes at once."""
        return max((row.operators for row in self._rows if row.skill == skill), default=1)

    def _wip(self, last: Step, flow: float) -> dict[str, int]:
        """Caps that grow with what a route makes."""
        found = {}
        for name in last.routes:
            row = self._plant.process.routes[name]
            cap = row.base_stock if row.release == "stock" else row.wip_cap
            if cap:
                found[name] = math.ceil(cap * flow * max(1.0, self._over_own(last, name)) - 1e-9)
        return found

    def _carriers(self, last: Step, flow: float) -> dict[str, int]:
        """Carriers that grow with the rate of the routes whose lots they carry."""
        growth: dict[str, float] = {}
        for row in self.scenario.operations:
            if row.fleet is not None and row.route in last.routes:
                growth[row.fleet] = max(growth.get(row.fleet, 1.0), flow * max(1.0, self._over_own(last, row.route)))
        return {
            one.fleet: math.ceil(one.carriers * growth[one.fleet] - 1e-9)
            for one in self.scenario.fleets
            if growth.get(one.fleet, 1.0) > 1.0
        }

    def _crews(self, plant: Plant, steps: Sequence[Step], works: list[list[Workload]], knobs: Knobs) -> dict[str, int]:
        """Crews that mend what breaks in the busiest step, no smaller than the scenario's own."""
        found: dict[str, int] = {}
        for row in self.scenario.crews:
            for step, each in zip(steps, works, strict=True):
                shift = on_time(plant.on_shift[row.calendar], step.begins, step.ends) / (step.ends - step.begins)
                busy = [work.crews.get(row.crew, 0.0) * step.rate for work in each]
                if not shift or not any(busy):
                    continue
                needed = float(np.quantile(busy, knobs.assurance)) * knobs.staff / (shift * _MOST_MENDING)
                found[row.crew] = max(found.get(row.crew, row.size), math.ceil(needed - 1e-9))
        return {name: size for name, size in found.items() if size > self._own_crews[name]}

    def _over_own(self, last: Step, route: str) -> float:
        """A route's rate over what it makes where all open routes share the scenario's own rate."""
        planned = [rate for item, _, rate in self._schedule.own if item == self._aim.item]
        routes = self._plant.process.routes
        beside = [one for one in last.routes if routes[one].item == routes[route].item]
        return last.routes[route][0] * last.rate * len(beside) / planned[-1] if planned and planned[-1] > 0.0 else 1.0

    def _day(self, station: str, needed: date, early: float) -> date:
        """When places are planned to stand: ahead of need, but not before what is ordered on the first day."""
        mode, row = self.scenario.mode(), self._plant.equipment.stations[station]
        lead = mode(row.order_lead) + mode(row.installation) + mode(row.qualification)
        return max(self._start + timedelta(days=math.ceil(lead / DAY)), needed - timedelta(days=round(early / DAY)))
