"""What every unit walks at the end of the plant's line: a short programme, and a new calibration after a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.result import AcceptanceResult
from ironworks.robot.acceptance.walking.procedures import (
    WalkingTest,
    emergency_stop,
    push,
    sideways,
    stand,
    straight,
    turn,
)
from ironworks.robot.acceptance.walking.sample import walk_units

__all__ = ["ATTEMPTS", "FIELD_TRIAL", "field_trials"]

FIELD_TRIAL: tuple[WalkingTest, ...] = (stand(6.0), push(), straight(6.0), sideways(), turn(), emergency_stop())
"""The walking programme without what a plant has no time for."""
ATTEMPTS = 3
"""Times that a unit walks at most before it goes on as it is."""


def field_trials(
    bench: Bench,
    before: Sequence[Procedure],
    units: int,
    scales: Sequence[float],
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    programme: Sequence[WalkingTest] = FIELD_TRIAL,
) -> AcceptanceResult:
    """So many units at each multiple of the spreads that passed the bench `before`, on their legs.

    `on_progress(done, all)` counts units. Raises what `walk_units` raises.
    """
    samples = []
    for i, scale in enumerate(scales):

        def report(done: int, of: int, i: int = i) -> None:
            if on_progress is not None:
                on_progress(units * i + done, units * (len(scales) - 1) + of)

        scaled = replace(bench, population=bench.population.scaled(scale))
        samples.append(walk_units(scaled, before, programme, units, workers, report, attempts=ATTEMPTS))
    journeys = tuple(journey for sample in samples for journey in sample.result.journeys)
    return AcceptanceResult(tuple(programme), Plan(), journeys, bench.seed, sum(s.seconds for s in samples))
