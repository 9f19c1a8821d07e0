"""A sample of units through the bench: many journeys on local processes, and what they say together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ironworks.executor import Job, run_jobs
from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.at_work import at_work, begin_work
from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.families import by_family
from ironworks.robot.acceptance.journey import Journey, journey
from ironworks.robot.acceptance.planning import Guarding, Plan, plan_bench
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.result import AcceptanceResult
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.robot.asbuilt import Population

__all__ = ["accept", "units_at"]

Progress = Callable[[int, int], None]

#: Units of one job: few, so that progress is seen and no process waits long for the last.
_GROUP = 2


def units_at(scale: float, units: int, scales: Sequence[float]) -> int:
    """How many units are tested at one of several scales: a third of them from 2 on.

    There nearly all fail, much alike, and each failure costs a repair and another visit.
    """
    return -(-units // 3) if len(scales) > 1 and scale >= 2.0 else units


def accept(
    population: Population,
    design: Design,
    masses: Mapping[str, Mass],
    units: int,
    procedures: Sequence[Procedure],
    workers: int | None = None,
    on_progress: Progress | None = None,
    *,
    scales: Sequence[float] = (1.0,),
    attempts: int = 3,
    retests: int = 2,
    testers: BenchTesters | None = None,
    guarding: Guarding | None = None,
    plan: Plan | None = None,
    seed: int | None = None,
    first: int = 0,
) -> AcceptanceResult:
    """Test the `first` and following units of a sample at each scale of spreads and fault rates (see `units_at`).

    Their serial numbers lie apart (`Population.apart`): each has lots of its own, and intervals may take them as drawn
    independently.
    Procedures of single joints are run by sets, as the plant makes them (`families`). Without a `plan` the bench
    studies its own measurements first. Noise is of `seed` (the population's by default); a unit has the same luck at
    every scale. The result is the same whatever the number of workers. `on_progress(done, all)` counts studies, then
    groups of units. Raises JobFailed where a procedure raises.
    """
    if units < 1 or not procedures:
        raise ValueError(f"a sample needs units and procedures, not {units} and {len(procedures)}")
    names = [f"{procedure.item}: {procedure.name}" for procedure in procedures]
    if len(set(names)) != len(names):
        raise ValueError(f"two procedures have one name: {', '.join(sorted(n for n in names if names.count(n) > 1))}")
    procedures = by_family(procedures, design)
    begun = time.perf_counter()
    noise = population.seed if seed is None else seed
    bench = Bench(design, masses, population, testers or BenchTesters(), {}, retests, noise)
    if plan is None:
        plan = plan_bench(bench, procedures, guarding=guarding, workers=workers, on_progress=on_progress)
    bench = replace(bench, acceptance=plan.acceptance(procedures))
    jobs = [
        Job(f"units {start} to {stop - 1} at scale {scale:g}", (scale, range(start, stop), attempts))
        for scale in scales
        for start in range(first, first + units_at(scale, units, scales), _GROUP)
        for stop in [min(start + _GROUP, first + units_at(scale, units, scales))]
    ]
    found = run_jobs(
        _journeys, jobs, workers=workers, progress=on_progress, initializer=begin_work,
        initargs=(bench, tuple(procedures)),
    )  # fmt: skip
    journeys = tuple(one for group in found for one in group)
    return AcceptanceResult(tuple(procedures), plan, journeys, noise, time.perf_counter() - begun)


def _journeys(given: tuple[float, range, int]) -> list[Journey]:
    scale, numbers, attempts = given
    bench, procedures = at_work()
    population = bench.population.scaled(scale)
    scaled = replace(bench, population=population)
    return [journey(scaled, procedures, population.unit(population.apart(k)), attempts=attempts) for k in numbers]
