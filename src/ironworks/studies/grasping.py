"""The grasp programme of a scenario's units: both hands of each take hold of every thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ironworks.faults import Fault, ScenarioFaults
from ironworks.robot.acceptance.bench import Trial
from ironworks.robot.acceptance.manipulation import GRASP
from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.result import Yield
from ironworks.robot.acceptance.walking import WalkingSample, clopper_pearson, walk_units
from ironworks.robot.acceptance.walking.sample import Course
from ironworks.robot.hand_design import hands_of
from ironworks.scenario import Scenario
from ironworks.studies.acceptance import Accepted, setup_of, table
from ironworks.studies.walking import healthy_bench

__all__ = ["UNITS", "Grasped", "run_grasps"]

Progress = Callable[[int, int], None]

UNITS = 4
"""Units of a sample by default: both hands of each hold every thing in each of its ways, 136 grasps in all."""


@dataclass(frozen=True, eq=False)
class Grasped(Accepted):
    """A sample of units whose hands were tested."""

    sample: WalkingSample

    @cached_property
    def yields(self) -> list[Yield]:
        """Of procedures, then of the whole programme, with exact intervals."""
        return self.sample.yields

    @cached_property
    def hands(self) -> dict[str, tuple[int, int]]:
        """For each procedure how many hands passed it, and how many tried."""
        found: dict[str, tuple[int, int]] = {}
        for trial in self.result.trials(self.scale):
            tried, failed = _hands(trial)
            passed, of = found.get(trial.procedure, (0, 0))
            found[trial.procedure] = passed + len(tried - failed), of + len(tried)
        return found

    def share(self, procedures: Sequence[str] = ()) -> tuple[int, int, Interval]:
        """How many hands passed of those that tried, over some procedures (all by default), and the exact interval."""
        counted = [count for name, count in self.hands.items() if not procedures or name in procedures]
        passed, tried = sum(one for one, _ in counted), sum(of for _, of in counted)
        return passed, tried, clopper_pearson(passed, tried)


def _hands(trial: Trial) -> tuple[set[str], set[str]]:
    """The hands that went through a procedure, and those that failed; a place begins with its hand."""
    tried = {place.split("/")[0] for one in trial.measured for place in one.places}
    return tried, {one.places[i].split("/")[0] for one, i in trial.failed()}


def run_grasps(
    scenario: Scenario,
    units: int = UNITS,
    *,
    seed: int,
    scale: float = 1.0,
    programme: Sequence[Course] = GRASP,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Grasped:
    """Test the hands of so many units that passed the bench. Raises ScenarioFaults for a robot without hands."""
    setup = setup_of(scenario, seed=seed, scale=scale)
    if not any(hand.thumb is not None for hand in hands_of(setup.design, setup.masses)):
        what = "has no hand with a thumb that opposes, and the grasp programme is for hands"
        raise ScenarioFaults([Fault("the design", 0, setup.design.name, what, mend="choose the bench's programme")])
    setup, bench, before = healthy_bench(setup, programme)
    sample = walk_units(bench, before, programme, units, workers, on_progress)
    if faults := sample.result.check():
        raise RuntimeError("the sample contradicts itself:\n" + "\n".join(faults[:5]))
    return Grasped(setup, scale, sample.result, table(setup, sample.result), (), None, sample)
