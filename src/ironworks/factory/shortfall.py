"""Why a replication fell short of its plan: units lost, traced week by week to stations, parts, skills and dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.calendar import WEEK, seconds
from ironworks.factory.flow.result import Replication, State
from ironworks.factory.plant import Plant
from ironworks.factory.targets import Goal
from ironworks.rows.process import Route

__all__ = ["Cause", "CauseKind", "Shortfall"]

CauseKind = Literal["date", "capacity", "failure", "skill", "part", "setup", "plan", "quality", "blocked"]
Floats = NDArray[np.float64]
Blame = dict[tuple[CauseKind, str], float]

_SAYS: dict[CauseKind, str] = {
    "date": "{name} did not stand yet, or no more",
    "capacity": "{name} worked without a pause and was still too slow",
    "failure": "{name} was down or waited for a repair",
    "skill": "work stood still for want of {name}",
    "part": "work stood still for want of {name}",
    "setup": "{name} was in set-up",
    "plan": "the programme itself released no more ({name})",
    "quality": "{name} was busy with rework and repeated tests",
    "blocked": "{name} could not pass its units on, or its cap on work in process was reached",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A share of what was missed: `lost` pieces of the product between `begins` and `ends` [s]."""

    kind: CauseKind
    name: str
    lost: float
    begins: float
    ends: float
    text: str


class Shortfall:
    """Reads causes from the states, shortages and releases of a replication.

    Each week's gap between programme and output goes to what held the product's routes in that week: of each route
    the station that waits least (blocked or starved) is the one that held it, and its time says why: at work, down,
    without people, or without a part; a made part passes the question on to the route that makes it.
    """

    def __init__(self, plant: Plant, run: Replication) -> None:
        self._plant, self._run = plant, run
        self._station = {name: i for i, name in enumerate(run.names.stations)}
        self._operation = {name: i for i, name in enumerate(run.names.operations)}
        self._store = {name: i for i, name in enumerate(run.names.stores)}
        self._routing = {name: i for i, name in enumerate(run.names.routings)}
        self._mode = plant.scenario.mode()

    def causes(self, goal: Goal, value: float, pieces: dict[str, int]) -> tuple[Cause, ...]:
        """What the pieces missing from a goal were lost to, the largest first; the losses sum to what is missing."""
        edges = self._run.edges
        # A start of production also fails by what stops the weeks that should sustain it.
        ends = min(goal.ends, goal.wanted + goal.sustained * WEEK) if goal.kind == "sop" else goal.ends
        planned = np.diff(self._plant.supply.planned(goal.row.item, self._mode, np.clip(edges, goal.begins, ends)))
        columns = [self._routing[name] for name in goal.routes]
        made = self._run.finished[:, columns] @ np.array([pieces[name] for name in goal.routes], dtype=float)
        inside = np.clip(np.minimum(edges[1:], ends) - np.maximum(edges[:-1], goal.begins), 0.0, None) / np.diff(edges)
        gap = np.maximum(planned - made * inside, 0.0)
        if goal.kind == "sop":
            missing, by_plan = float(gap.sum()), 0.0
        else:
            wanted = goal.wanted * (goal.ends - goal.begins if goal.kind == "rate" else 1.0)
            missing = wanted - value * (goal.ends - goal.begins if goal.kind == "rate" else 1.0)
            by_plan = min(missing, max(0.0, wanted - float(planned.sum())))
        if missing <= 0:
            return ()
        lost: dict[tuple[CauseKind, str], list[tuple[int, float]]] = defaultdict(list)
        weeks = np.flatnonzero(inside > 0)
        if by_plan > 0:
            lost["plan", goal.row.item] += [(int(w), by_plan / len(weeks)) for w in weeks]
        weights = gap if gap.sum() > 0 else inside
        for week in np.flatnonzero(weights > 0).tolist():
            share = (missing - by_plan) * float(weights[week] / weights.sum())
            for cause, part in self.blame(goal.row.item, week).items():
                lost[cause].append((week, share * part))
        found = [self._cause(cause, rows) for cause, rows in lost.items()]
        return tuple(sorted((c for c in found if c.lost > 0), key=lambda c: -c.lost))

    def blame(self, item: str, week: int, seen: frozenset[str] = frozenset()) -> Blame:
        """Shares, summing to 1, of what held an item's routes in a week."""
        routes = [route for route in self._plant.process.routes_of(item) if self._due(route, week)]
        if not routes or item in seen:
            return {("plan", item): 1.0}
        total: Blame = defaultdict(float)
        for route in routes:
            for cause, share in self._route(route, week, seen | {item}).items():
                total[cause] += share / len(routes)
        return total

    def _due(self, route: Route, week: int) -> bool:
        begins, ends = self._run.edges[week], self._run.edges[week + 1]
        start = self._plant.start
        if route.from_ is not None and seconds(start, route.from_) >= ends:
            return False
        if route.until is not None and seconds(start, route.until) < begins:
            return False
        return not any(
            route.route in move.routes and seconds(start, move.date) < begins for move in self._plant.equipment.moves
        )

    def _route(self, route: Route, week: int, seen: frozenset[str]) -> Blame:
        operations = self._plant.process.operations[route.route]
        names = list(dict.fromkeys(operation.station for operation in operations))
        states = self._run.states[week][[self._station[name] for name in names]]
        on = states.sum(axis=1) - states[:, State.NOT_INSTALLED] - states[:, State.OFF_SHIFT]
        absent = [name for name, row in zip(names, states, strict=True) if row[State.NOT_INSTALLED] >= row.sum() - 1e-6]
        if absent:
            sites = {self._plant.equipment.stations[name].site for name in absent}
            # A whole line that is missing is a matter of its site; single stations are named.
            name = f"site {min(sites)}" if len(absent) == len(names) and len(sites) == 1 else absent[0]
            return {("date", name): 1.0}
        share = np.where(on[:, None] > 0, states / np.where(on > 0, on, 1.0)[:, None], 0.0)
        waits = share[:, State.BLOCKED] + share[:, State.STARVED]
        i = int(np.argmin(np.where(on > 0, waits, np.inf)))
        name, mine = names[i], share[i]
        result: Blame = defaultdict(float)
        rework = self._rework(name, week)
        result["capacity", name] += mine[State.WORKING] * (1 - rework)
        result["quality", name] += mine[State.WORKING] * rework
        result["setup", name] += mine[State.SETUP]
        result["failure", name] += mine[State.DOWN] + mine[State.WAITING_REPAIR]
        here = [o for o in operations if o.station == name]
        skills = sorted({o.skill for o in here if o.skill})
        for skill in skills:
            result["skill", skill] += mine[State.WAITING_SKILL] / len(skills)
        if mine[State.WAITING_PART] > 0:
            for cause, part in self._parts(name, week, seen).items():
                result[cause] += mine[State.WAITING_PART] * part
        self._idle(route, week, name, mine, result)
        total = sum(result.values())
        return {cause: part / total for cause, part in result.items() if part > 0} if total else {("plan", name): 1.0}

    def _idle(self, route: Route, week: int, name: str, mine: Floats, result: Blame) -> None:
        """The least waiting station still waits: for the programme, or behind a full store or cap."""
        result["blocked", name] = result.get(("blocked", name), 0.0) + float(mine[State.BLOCKED])
        starved = float(mine[State.STARVED])
        if route.plan is not None:
            together = [self._routing[r.route] for r in self._plant.process.routes.values() if r.plan == route.plan]
            released = self._run.released[: week + 1, together].sum()
            plan = self._plant.supply.planned(route.plan, self._mode, [self._run.edges[week + 1]])[0]
            behind = released * self._plant.process.lots[route.item] < plan - 1
            cause: tuple[CauseKind, str] = ("blocked", f"release of {route.route}") if behind else ("plan", route.plan)
        else:
            cause = ("blocked", f"release of {route.route}")
        result[cause] = result.get(cause, 0.0) + starved

    def _rework(self, station: str, week: int) -> float:
        """Share of a station's starts that repair, or test once more."""
        total = again = 0
        for operation in self._plant.scenario.operations:
            if operation.station == station:
                o = self._operation[f"{operation.route}.{operation.operation}"]
                starts = int(self._run.starts[week, o])
                total += starts
                if operation.test:
                    again += max(0, starts - int(self._run.first_tests[week, o]))
        for o in self._repairs_at(station):
            starts = int(self._run.starts[week, o])
            total, again = total + starts, again + starts
        return again / total if total else 0.0

    def _repairs_at(self, station: str) -> Sequence[int]:
        places = {(r.route, r.repair): r.station for r in self._plant.scenario.repairs}
        found = []
        for row in self._plant.scenario.defects:
            if row.repair is not None and places[row.route, row.repair] == station:
                found.append(self._operation[f"{row.route}/{row.defect}.{row.repair}"])
        return found

    def _parts(self, station: str, week: int, seen: frozenset[str]) -> Blame:
        """Which of the parts that a station takes were short, made ones traced to what held their routes."""
        taken = {p for o in self._plant.scenario.operations if o.station == station for p, _ in o.consumes}
        taken |= {p for r in self._plant.scenario.repairs if r.station == station for p, _ in r.consumes}
        short = {part: float(self._run.short[week, self._store[part]]) for part in sorted(taken)}
        total = sum(short.values())
        if not total:
            return {("part", "parts"): 1.0}
        result: Blame = defaultdict(float)
        for part, time in short.items():
            if not time:
                continue
            deeper = self._plant.process.bom.is_made(part) and self._plant.process.routes_of(part)
            blame: Blame = self.blame(part, week, seen) if deeper else {("part", part): 1.0}
            for cause, share in blame.items():
                result[cause] += time / total * share
        return result

    def _cause(self, cause: tuple[CauseKind, str], rows: list[tuple[int, float]]) -> Cause:
        kind, name = cause
        weeks = [week for week, lost in rows if lost > 0] or [rows[0][0]]
        begins, ends = float(self._run.edges[min(weeks)]), float(self._run.edges[max(weeks) + 1])
        return Cause(kind, name, sum(lost for _, lost in rows), begins, ends, _SAYS[kind].format(name=name))
