"""The walking programme of a scenario's units, its sweep, and a film of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ironworks.faults import Fault, ScenarioFaults
from ironworks.product.design import sensors_of
from ironworks.robot.acceptance.bench import Bench, Trial
from ironworks.robot.acceptance.families import by_family
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.result import Yield
from ironworks.robot.acceptance.walking import (
    SWEPT_PROGRAMME,
    WALKING,
    WalkingSample,
    WalkingSweep,
    WalkingTest,
    walk_units,
    walking_sweep,
)
from ironworks.robot.acceptance.walking.film import EVERY, Film
from ironworks.robot.acceptance.walking.sample import WalkingTrial
from ironworks.scenario import Scenario
from ironworks.studies.acceptance import Accepted, Setup, saved, setup_of, table

__all__ = ["UNITS", "Walked", "film_unit", "filmed", "healthy_bench", "run_walking", "walking_bench"]

Progress = Callable[[int, int], None]

UNITS = 59
"""Units in a row: without a fall, at least 95 % of all units stay on their feet, with 95 % confidence."""


@dataclass(frozen=True, eq=False)
class Walked(Accepted):
    """A sample on its legs; `grown`: the sweep, where it was asked for."""

    sample: WalkingSample
    grown: WalkingSweep | None

    @cached_property
    def yields(self) -> list[Yield]:
        """Of procedures, then of the whole programme, with exact intervals."""
        return self.sample.yields


def walking_bench(
    scenario: Scenario, *, seed: int, scale: float = 1.0, programme: Sequence[WalkingTest] = WALKING
) -> tuple[Setup, Bench, tuple[Procedure, ...]]:
    """What the scenario brings to the programme, its bench, and the procedures that a unit passes before it walks.

    Units are drawn without gross faults, which are the bench's to find and a repair's to mend: a unit comes to the
    programme healthy, or was mended before. Raises ScenarioFaults for a robot that does not stand on two feet, besides
    what `setup_of` raises.
    """
    setup = setup_of(scenario, seed=seed, scale=scale)
    feet = [s.link for s in sensors_of(setup.design) if s.kind == "force" and "foot" in s.link]
    if len(feet) != 2:
        what = f"has {len(feet)} feet with force cells, and the walking programme is for two"
        raise ScenarioFaults([Fault("the design", 0, setup.design.name, what, mend="choose the bench's programme")])
    return healthy_bench(setup, programme)


def healthy_bench(setup: Setup, programme: Sequence[Procedure]) -> tuple[Setup, Bench, tuple[Procedure, ...]]:
    """The setup of a programme after the bench, that bench for units without gross faults, and what they pass there."""
    shipped = saved(setup, ("settings", "seed", "scale"))
    plan = Plan.from_json(shipped.meta["plan"]) if shipped is not None else Plan()
    before = by_family(setup.procedures, setup.design)
    population = setup.population.without_gross()
    bench = Bench(
        setup.design, setup.masses, population, acceptance=plan.acceptance(before), seed=setup.population.seed
    )
    return replace(setup, population=population, procedures=tuple(programme)), bench, before


def run_walking(
    scenario: Scenario,
    units: int = UNITS,
    *,
    seed: int,
    scale: float = 1.0,
    programme: Sequence[WalkingTest] = WALKING,
    swept: Sequence[WalkingTest] = SWEPT_PROGRAMME,
    sweep: int = 0,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Walked:
    """Walk so many units in a row; each deviation swept on `sweep` units besides. Raises what `walk_units` raises."""
    setup, bench, before = walking_bench(scenario, seed=seed, scale=scale, programme=programme)
    sample = walk_units(bench, before, programme, units, workers, on_progress)
    if faults := sample.result.check():
        raise RuntimeError("the sample contradicts itself:\n" + "\n".join(faults[:5]))
    grown = walking_sweep(bench, sweep, swept, workers, on_progress) if sweep else None
    return Walked(setup, scale, sample.result, table(setup, sample.result), (), None, sample, grown)


def film_unit(
    scenario: Scenario,
    path: Path,
    kind: str,
    *,
    seed: int,
    scale: float = 1.0,
    programme: Sequence[WalkingTest] = WALKING,
    on_progress: Progress | None = None,
) -> tuple[Trial, ...]:
    """Film the first unit of a sample at each procedure into `path` as a `kind` of `film.SUFFIXES`; its trials.

    Raises CannotRender where this machine cannot draw, OSError where nothing can be written.
    """
    film, trials = filmed(scenario, seed=seed, scale=scale, programme=programme, on_progress=on_progress)
    film.write(path, kind)
    return trials


def filmed(
    scenario: Scenario,
    *,
    seed: int,
    scale: float = 1.0,
    programme: Sequence[WalkingTest] = WALKING,
    every: float = EVERY,
    on_progress: Progress | None = None,
) -> tuple[Film, tuple[Trial, ...]]:
    """A film of the first unit of a sample at each procedure, and its trials.

    `every`: seconds between two pictures. Raises CannotRender.
    """
    setup, bench, _ = walking_bench(scenario, seed=seed, scale=scale, programme=programme)
    once = replace(bench, retests=0)
    unit = setup.population.unit(setup.population.apart(0))
    film = Film(f"Unit {unit.serial}, {setup.design.title}", every=every)
    memo: dict[str, object] = {}
    trials = []
    try:
        for done, procedure in enumerate(programme):
            if on_progress is not None:
                on_progress(done, len(programme))
            watched = replace(procedure, stage=replace(procedure.stage, watch=film))
            trial = WalkingTrial.of(once.test(watched, unit, memo=memo))
            film.judged(trial)
            trials.append(trial)
    finally:
        film.close()
    return film, tuple(trials)
