"""What one more of something is worth: a place, a person, a shift, stock or work in process, on the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ironworks.factory.calendar import WEEK
from ironworks.factory.flow.statistics import Interval, paired
from ironworks.factory.plant import Plant
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions, outlay
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.trial import Trials

__all__ = ["Marginal", "marginals"]


@dataclass(frozen=True, slots=True)
class Marginal:
    """What a change brings: pieces (pieces/s for a rate) with a paired 95 % interval, probability, and its outlay."""

    change: str
    gain: Interval
    probability: float
    """Change of the share of replications that meet the target."""
    outlay: float
    """[base currency]; 0 where the scenario has no price for it."""


def marginals(
    scenario: Scenario, sizing: Sizing, trials: Trials, knobs: Knobs, count: int, *, stations: int
) -> list[Marginal]:
    """The worth of one more place at the most loaded stations, a person of each skill, a weekend team, and stocks."""
    plan = sizing.decide(knobs)
    loads = sizing.loads(knobs)
    last = {name: day for name, day, n in plan.places if n > 0}
    changes: list[tuple[str, Decisions]] = []
    for name in sorted(loads, key=lambda one: -loads[one])[:stations]:
        row = next(one for one in scenario.stations if one.station == name)
        what = "tester" if row.type == "test" else "place"
        changes.append((f"one more {what} at {name}", _with_place(plan, name, last)))
    for skill in sorted({name for name, _, _ in plan.people}):
        changes.append((f"one more {skill} on each shift", _with_person(plan, skill)))
    busy = {one.crew for one in scenario.stations if one.station in loads}
    for crew in (one for one in scenario.crews if one.crew in busy):
        crews = {**plan.crews, crew.crew: plan.crews.get(crew.crew, crew.size) + 1}
        changes.append((f"one more in {crew.crew} on each shift", replace(plan, crews=crews)))
    if not knobs.weekend:
        changes.append(
            ("weekend teams with the same places", replace(plan, weekend=max(day for _, day, _ in plan.programme)))
        )
    if sizing.limited:
        more = sizing.decide(replace(knobs, cover=knobs.cover + 4 * WEEK))
        changes.append(("four weeks more stock of parts that are short", replace(plan, cover=more.cover)))
    more = sizing.decide(replace(knobs, flow=1.5 * knobs.flow))
    room = replace(plan, wip=more.wip, buffers=more.buffers, carriers=more.carriers)
    changes.append(("half as much more buffers, carriers and work in process", room))
    base, *found = trials.of([plan, *(one for _, one in changes)], count)
    before = outlay(Plant(plan.apply(scenario)), scenario.mode()).total
    rows = []
    for (what, one), tried in zip(changes, found, strict=True):
        costs = outlay(Plant(one.apply(scenario)), scenario.mode()).total - before
        chance = float(tried.met.mean() - base.met.mean())
        rows.append(Marginal(what, paired(base.values, tried.values), chance, costs))
    return sorted(rows, key=lambda row: -row.gain.mean)


def _with_place(plan: Decisions, station: str, last: Mapping[str, date]) -> Decisions:
    rows = list(plan.places)
    at = [i for i, row in enumerate(rows) if row[0] == station and row[1] == last.get(station)]
    if at:
        name, day, count = rows[at[-1]]
        rows[at[-1]] = (name, day, count + 1)
    else:
        rows.append((station, max(day for _, day, _ in plan.programme), 1))
    return replace(plan, places=tuple(sorted(rows)))


def _with_person(plan: Decisions, skill: str) -> Decisions:
    steps = [row for row in plan.people if row[0] == skill]
    # Where nobody is left at the end, there is nobody to add to.
    rows = [
        (name, day, count + 1) if name == skill and (name, day) == steps[-1][:2] and count else (name, day, count)
        for name, day, count in plan.people
    ]
    return replace(plan, people=tuple(rows))
