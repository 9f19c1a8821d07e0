"""The roof: one scenario through every stage, from its tables to targets with probabilities."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks import executor
from ironworks.factory.calendar import WEEK
from ironworks.factory.capacity import capacity_checks
from ironworks.factory.cost import CostModel
from ironworks.factory.floor_plan import floor_plans, ways_of
from ironworks.factory.flow import Constant, Station, line, run_once
from ironworks.factory.flow import Outcome as Ending
from ironworks.factory.flow.bottleneck import arrows, links
from ironworks.factory.flow.result import Replication
from ironworks.factory.flow.statistics import quantile, wilson
from ironworks.factory.planning import orders, site_needs
from ironworks.factory.plant import Plant
from ironworks.factory.shortfall import Shortfall
from ironworks.factory.targets import Goal, goals, makers, output_times, pieces_per_unit, shippers
from ironworks.faults import ScenarioFaults
from ironworks.outcome import QUANTILES, Cause, Draws, Milestone, Miss, Outcome, TargetResult
from ironworks.scenario import Scenario
from ironworks.verdicts import Verdicts

__all__ = ["Done", "Job", "Progress", "Stopped", "final_item", "replicate", "run", "warm_up"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with (jobs done, jobs in all) after each job."""

Ways = Mapping[tuple[str, str], float]
"""Metres that carriers drive after each (route, operation)."""

_COUNTS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


class Stopped(RuntimeError):
    """A replication ended in a deadlock; the message says who waits for whom."""


@dataclass(frozen=True, slots=True)
class Job:
    """One replication to run: with rates of stations scaled, with a traced window [s], or with the output alone."""

    seed: int
    replication: int
    scale: Mapping[str, float] | None = None
    window: tuple[float, float] | None = None
    output_only: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker sends back. `times`: sorted finish times [s] of the final product's pieces."""

    job: Job
    times: Floats
    run: Replication | None


class _Bench:
    """A plant with what is needed to run jobs on it."""

    def __init__(self, scenario: Scenario, verdicts: Verdicts | None, ways: Ways) -> None:
        self._plant = Plant(scenario, verdicts).walked(ways)
        item = final_item(scenario)
        self._pieces = pieces_per_unit(scenario, item)
        self._makers = makers(scenario, item)
        self._edges = np.arange(WEEK, self._plant.horizon, WEEK).tolist()

    def do(self, job: Job) -> Done:
        draw = self._plant.scenario.draw(job.seed, job.replication)
        done = run_once(
            self._plant.model(draw),
            self._plant.horizon,
            seed=job.seed,
            replication=job.replication,
            edges=() if job.output_only else self._edges,
            trace=job.window,
            scale=job.scale or {},
        )
        if done.outcome is Ending.DEADLOCK:
            raise Stopped(f"replication {job.replication} of seed {job.seed} stopped: {done.explanation}")
        times = output_times(done, self._makers, self._pieces)
        if job.output_only:
            return Done(job, times, None)
        # Other routings' finish times would be most of what travels between the processes.
        kept = {name: done.finish_times[name] for name in self._pieces if name in done.finish_times}
        return Done(job, times, replace(done, finish_times=kept))


_bench: _Bench | None = None


def _open(scenario: Scenario, verdicts: Verdicts | None, ways: Ways) -> None:
    global _bench
    _bench = _Bench(scenario, verdicts, ways)


def _do(job: Job) -> Done:
    assert _bench is not None
    return _bench.do(job)


def replicate(
    scenario: Scenario,
    jobs: Sequence[Job],
    *,
    verdicts: Verdicts | None = None,
    ways: Ways | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> list[Done]:
    """Run jobs on `workers` processes (default: one per core); results in the order of the jobs, whatever the number.

    With `verdicts` of the bench, its units are resampled where bench.csv says so (see `factory.plant.Plant`). `ways` of
    carriers are those of the scenario's floor plans, which are drawn here, once, where none are given.
    Raises Stopped on a deadlock, ScenarioFaults for a draw out of range, executor.JobFailed when a process dies.
    """
    if ways is None:
        drawn = scenario.halls and scenario.settings.layout.travel == "plan"
        ways = ways_of(scenario, floor_plans(Plant(scenario))) if drawn else {}
    named = [executor.Job(f"replication {job.replication}", job) for job in jobs]
    try:
        return executor.run_jobs(
            _do, named, workers=workers, progress=on_progress, initializer=_open, initargs=(scenario, verdicts, ways)
        )
    except executor.JobFailed as failed:
        if isinstance(failed.__cause__, Stopped | ScenarioFaults):
            raise failed.__cause__ from None
        raise


def warm_up() -> None:
    """Compile the kernels, if they are not compiled yet, on a line of one station."""
    run_once(line([Station("one")], [Constant(1.0)]), 2.0)


def final_item(scenario: Scenario) -> str:
    """The product that the results speak of: the item marked final, else that of [sop], else the last item."""
    marked = [item.item for item in scenario.items if item.final]
    if marked:
        return marked[0]
    return scenario.settings.sop.item if scenario.settings.sop else scenario.items[-1].item


def run(
    scenario: Scenario,
    *,
    verdicts: Verdicts | None = None,
    workers: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    variant: str = "",
    on_progress: Progress | None = None,
) -> Outcome:
    """Run a scenario end to end: replications, targets, milestones, costs, orders, and why targets were missed.

    `verdicts` of the bench replace the assumed yields of the tests that bench.csv names; without them those hold.
    Defaults of `replications` and `seed` are the scenario's. Elasticities and the traced week are studies of their
    own (`studies.bottleneck`). Raises what `replicate` raises.
    """
    count = replications or scenario.settings.run.replications
    key = scenario.settings.run.seed if seed is None else seed
    # Before any process starts: verdicts that do not fit the scenario are faults.
    plant = Plant(scenario, verdicts)
    floors = floor_plans(plant, [scenario.draw(key, i) for i in range(count)])
    ways = ways_of(scenario, floors)
    plant = plant.walked(ways)
    begun = time.perf_counter()
    jobs = [Job(key, i) for i in range(count)]
    done = replicate(scenario, jobs, verdicts=verdicts, ways=ways, workers=workers, on_progress=on_progress)
    spent = time.perf_counter() - begun
    runs = tuple(result.run for result in done if result.run is not None)
    item = final_item(scenario)
    pieces = pieces_per_unit(scenario, item)
    aims = goals(scenario)
    targets = tuple(_judge(goal, runs, pieces_per_unit(scenario, goal.row.item)) for goal in aims)
    idle = _idle(plant, ways)
    draws = _draws(scenario, key, count, idle)
    costs = CostModel(plant, item)
    return Outcome(
        scenario=scenario,
        variant=variant,
        overrides=scenario.overrides,
        seed=key,
        start=plant.start,
        item=item,
        routes=makers(scenario, item),
        shipments=shippers(scenario, item),
        pieces=pieces,
        replications=runs,
        targets=targets,
        milestones=tuple(_milestones([result.times for result in done])),
        draws=draws,
        costs=tuple(costs.flows(one, scenario.draw(key, one.replication)) for one in runs),
        orders=orders(plant),
        capacity=capacity_checks(plant, scenario.mode()),
        misses=tuple(_misses(plant, aims, targets, runs, draws)),
        assumed=tuple(
            figure.id for figure in scenario.all_figures() if figure.kind == "assumed" and figure.role == "input"
        ),
        arrows=_arrows(plant, runs),
        sites=site_needs(plant, scenario.mode()),
        floors=floors,
        ways=ways,
        seconds=spent,
        verdicts=verdicts,
        notes=plant.acceptance.notes if plant.acceptance else (),
    )


def _judge(goal: Goal, runs: Sequence[Replication], pieces: dict[str, int]) -> TargetResult:
    values = np.array([goal.value(output_times(one, goal.routes, pieces)) for one in runs])
    met = np.array([goal.met(value) for value in values.tolist()])
    interval = wilson(int(met.sum()), len(met))
    low, middle, high = (quantile(values, q) for q in QUANTILES)
    unit = {"sop": "s", "rate": f"{goal.row.item}/s"}.get(goal.kind, goal.row.item)
    return TargetResult(
        name=goal.row.target,
        text=goal.row.text,
        kind=goal.kind,
        item=goal.row.item,
        wanted=goal.wanted,
        unit=unit,
        begins=goal.begins,
        ends=goal.ends,
        values=values,
        met=met,
        probability=interval.mean,
        low=interval.low,
        high=interval.high,
        quantiles=(low, middle, high),
    )


def _milestones(times: Sequence[Floats]) -> Iterable[Milestone]:
    """Dates of the Nth product for powers of ten that at least one replication reaches."""
    for count in _COUNTS:
        at = np.array([found[count - 1] if len(found) >= count else np.inf for found in times])
        if np.isfinite(at).any():
            low, middle, high = (quantile(at, q) for q in QUANTILES)
            yield Milestone(count, at, (low, middle, high), float(np.isfinite(at).mean()))


def _draws(scenario: Scenario, seed: int, count: int, idle: frozenset[str]) -> Draws:
    ids = tuple(
        f.id
        for f in scenario.all_figures()
        if f.is_uncertain and f.role == "input" and f.value is not None and f.id not in idle
    )
    rows = [[draw.values[name] for name in ids] for draw in (scenario.draw(seed, i) for i in range(count))]
    return Draws(ids, np.array(rows, dtype=float).reshape(count, len(ids)))


def _idle(plant: Plant, ways: Ways) -> frozenset[str]:
    """Figures that no replication of this plant reads: of spreads, yields that verdicts replace, halls, the line.

    The bench draws its units at the modes of the spreads, and halls count at theirs: their ranges decide nothing here.
    """
    scenario = plant.scenario
    driving = {row.fleet for row in scenario.operations if (row.route, row.operation) in ways}
    waiting = [row for row in scenario.fleets if row.fleet not in driving]
    floor = (*scenario.halls, *scenario.links, *scenario.spaces, *scenario.stores, *waiting)
    rows = (*scenario.spreads, *scenario.gross_faults, *floor, *scenario.tools, *scenario.models, *scenario.elements)
    off = {quantity.key for row in rows for _, quantity in row.quantities()}
    off |= {quantity.key for _, quantity in scenario.settings.line.quantities()}
    off |= {row.travel.key for row in scenario.operations if (row.route, row.operation) in ways}
    if plant.acceptance is not None:
        for row in scenario.defects:
            if plant.acceptance.covers(row.route, row.defect):
                columns = ("probability", "mature", "experience", "coverage")
                off |= {quantity.key for column, quantity in row.quantities() if column in columns}
    return scenario.read_by(off.__contains__) - scenario.read_by(lambda key: key not in off)


def _arrows(plant: Plant, runs: Sequence[Replication]) -> Floats:
    neighbours = links(plant.model(plant.scenario.mode()))
    bins, stations = runs[0].states.shape[:2]
    weight = np.zeros((bins, stations))
    for one in runs:
        found = arrows(one.states, neighbours)
        weight[np.arange(bins)[found >= 0], found[found >= 0]] += 1.0 / len(runs)
    return weight


def _misses(
    plant: Plant, aims: Sequence[Goal], targets: Sequence[TargetResult], runs: Sequence[Replication], draws: Draws
) -> Iterable[Miss]:
    """The worst replication of each target that was missed, the least likely target first."""
    for goal, target in sorted(zip(aims, targets, strict=True), key=lambda pair: pair[1].probability):
        if target.met.all():
            continue
        badness = target.values if goal.kind == "sop" else -target.values
        worst = int(np.argmax(badness))
        value = float(target.values[worst])
        pieces = pieces_per_unit(plant.scenario, goal.row.item)
        causes = Shortfall(plant, runs[worst]).causes(goal, value, pieces)
        missing = sum(cause.lost for cause in causes)
        yield Miss(
            replication=runs[worst].replication,
            target=target.name,
            shortfall=missing,
            unit=goal.row.item,
            causes=causes,
            text=_told(goal, missing, causes),
            figures=tuple(_adverse(draws, badness, worst)),
        )


def _told(goal: Goal, missing: float, causes: Sequence[Cause]) -> str:
    if not causes:
        return f"Replication fell short of {goal.row.target} although its output followed the programme."
    first = causes[0]
    share = first.lost / missing if missing else 0.0
    return f"{missing:,.0f} {goal.row.item} short; {share:.0%} of them because {first.text}."


def _adverse(draws: Draws, badness: Floats, worst: int, most: int = 8) -> Iterable[tuple[str, float]]:
    """Figures that pushed the worst replication: rank correlation with the result times the rank of the draw."""
    n = len(badness)
    if n < 8:
        return
    ranks = (np.argsort(np.argsort(draws.values, axis=0), axis=0) + 0.5) / n
    result = (np.argsort(np.argsort(badness)) + 0.5) / n
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = ranks.std(axis=0) * result.std()
        correlation = np.where(spread > 0, ((ranks - 0.5) * (result - 0.5)[:, None]).mean(axis=0) / spread, 0.0)
    push = correlation * (ranks[worst] - 0.5)
    # A rank correlation within two standard errors of zero is noise.
    push[np.abs(correlation) < 2 / np.sqrt(n)] = 0.0
    for i in np.argsort(-push)[:most].tolist():
        if push[i] > 0:
            yield draws.ids[i], float(ranks[worst, i])
