"""The line of the final product as planned, beside the cheapest one for the same rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from ironworks.chain import Job, Progress, replicate
from ironworks.factory.balance import BalanceError, GeneralAssignment, cheapest_line
from ironworks.factory.balancing import bay_loads, line_of_route, planned_loads
from ironworks.factory.calendar import DAY, YEAR, years
from ironworks.factory.plant import Plant
from ironworks.factory.regrouping import regroup, regrouped_stations
from ironworks.factory.sharing import planned_rate
from ironworks.factory.targets import output_times
from ironworks.outcome import Line, LineTrial, Outcome
from ironworks.reading.edits import as_changed, write_folder
from ironworks.scenario import read_scenario

__all__ = ["MOST_LOAD", "REPLICATIONS", "balance_line", "try_line", "write_line"]

MOST_LOAD = 0.85
"""Share of takt that a station of the balanced line is loaded to at most."""
REPLICATIONS = 12
"""On which the balanced line is simulated beside the planned one."""
#: What the search may take: the solver's own count of its work, and seconds in case of a slow machine.
_WORK, _SECONDS = 15.0, 600.0


def balance_line(
    outcome: Outcome,
    *,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """The outcome with its line: the final product's route that is planned to make most at the end, at that rate.

    Loads are sums at the figures' values, with the experience of what the programme has released by the last year's
    middle. Where work elements change their stations, the balanced line is simulated on the first `replications`. The
    outcome as it is where no route makes anything in the last year. Raises what chain.replicate raises.
    """
    plant = Plant(outcome.scenario, outcome.verdicts)
    mode, general = outcome.scenario.mode(), outcome.scenario.settings.scenario
    _, begins, ends = years(general.start, general.end)[-1]
    day = plant.start + timedelta(days=int((ends - DAY) // DAY))
    rates = {
        route.route: planned_rate(route, plant.process, plant.equipment, mode, day)
        for route in plant.process.routes_of(outcome.item)
        if plant.process.operations[route.route]
    }
    released = plant.supply.planned(outcome.item, mode, [begins, (begins + ends) / 2, ends])
    total, rate = sum(rates.values()), float(released[2] - released[0]) / (ends - begins)
    if not total or rate <= 0.0:
        return outcome
    route = max(rates, key=lambda name: rates[name])
    share = rates[route] / total
    lots = float(released[1]) * share / plant.process.lots[outcome.item]
    line = line_of_route(plant, route, rate * share, max(lots, 1.0), MOST_LOAD, mode)
    takt = line.takts[0][1] / MOST_LOAD
    made = Line(route, rate * share * YEAR, takt, tuple(planned_loads(plant, route, line, takt)), (), 0.0, 0.0)
    try:
        found = cheapest_line(line, _SECONDS, work=_WORK)
    except BalanceError as error:
        return replace(outcome, line=replace(made, problems=tuple(error.problems)))
    loads = tuple(bay_loads(plant, route, found.assignment, takt))
    line_found = replace(made, balanced=loads, cost=found.assignment.cost, least=found.least)
    if regrouped_stations(plant, route, found.assignment):
        trial = try_line(outcome, route, found.assignment, replications, workers=workers, on_progress=on_progress)
        line_found = replace(line_found, trial=trial)
    return replace(outcome, line=line_found)


def try_line(
    outcome: Outcome,
    route: str,
    assignment: GeneralAssignment,
    replications: int = REPLICATIONS,
    *,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> LineTrial:
    """What the plant makes in its last year with the balanced line, on today's places and on those of the assignment.

    Raises what chain.replicate raises.
    """
    old = outcome.scenario
    plant = Plant(old)
    count = min(replications, len(outcome.replications))
    jobs = [Job(outcome.seed, i, output_only=True) for i in range(count)]
    _, begins, ends = years(old.settings.scenario.start, old.settings.scenario.end)[-1]
    made = [[output_times(one, outcome.routes, outcome.pieces) for one in outcome.replications[:count]]]
    for at, as_many in enumerate((True, False)):
        edit = partial(regroup, plant=plant, route=route, assignment=assignment, as_many=as_many)
        done = replicate(
            read_scenario(old.path, dict(old.overrides), variant=old.variant, edit=edit),
            jobs,
            verdicts=outcome.verdicts,
            workers=workers,
            on_progress=partial(_advanced, on_progress, at) if on_progress else None,
        )
        made.append([one.times for one in done])
    last = old.settings.scenario.end
    places = sum(plant.equipment.planned_places(name, last) for name in regrouped_stations(plant, route, assignment))
    counts = (np.array([np.sum((one >= begins) & (one < ends)) for one in runs], dtype=float) for runs in made)
    return LineTrial(places, *counts)


def _advanced(told: Progress, before: int, done: int, total: int) -> None:
    """The progress of one of two equal halves."""
    told(before * total + done, 2 * total)


def write_line(plant: Plant, route: str, assignment: GeneralAssignment, told: str, folder: Path) -> None:
    """Write the plant's scenario with a route as the assignment has it into an existing empty folder.

    `told` says what the line is for. Raises ScenarioFaults.
    """
    old = plant.scenario
    raw, text = as_changed(old.path, old.variant, old.overrides)
    regroup(raw, plant, route, assignment)
    readme = (
        f"# {old.name}, {route} balanced\n\nThe line of `{route}` as `ironworks balance` has it {told}. At each "
        "station its elements are one operation. In the end a station has the places of the balance, before that in "
        "proportion to today's; those that work for other routes too keep theirs. Everything else is the scenario "
        f"`{old.name}`.\n"
    )
    write_folder(raw, text, readme, folder)
    # What was written is what can be read.
    read_scenario(folder)
