"""What units in a row show: exact bounds, falls, and units that the bench turned away."""

import math
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import binomtest
from tests.robot.acceptance.bench_samples import Friction, Zero, population, quadruped

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.journey import Journey
from ironworks.robot.acceptance.manipulation import GRASP, MANIPULATION
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen
from ironworks.robot.acceptance.result import AcceptanceResult
from ironworks.robot.acceptance.walking import (
    FIELD_TRIAL,
    SAFETY,
    SWEPT_PROGRAMME,
    TERRAIN,
    WALKING,
    clopper_pearson,
    proven,
    turn,
)
from ironworks.robot.acceptance.walking.course import Fell
from ironworks.robot.acceptance.walking.sample import (
    RETUNED,
    Visit,
    WalkingSample,
    WalkingTrial,
    on_legs,
    passes_bench,
)
from ironworks.verdicts import FAIL, PASS


@pytest.mark.parametrize(("passed", "tested"), [(0, 7), (3, 7), (7, 7), (58, 59)])
def test_intervals_are_those_of_scipy(passed: int, tested: int) -> None:
    found = clopper_pearson(passed, tested)
    expected = binomtest(passed, tested).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_fifty_nine_in_a_row_prove_95_percent_and_one_fall_less() -> None:
    assert proven(59, 59) > 0.95 > proven(58, 58)
    assert proven(58, 59) < 0.95
    assert proven(0, 59) == 0.0


def trial(serial: int, fell: bool) -> WalkingTrial:
    bench = quadruped_bench()
    made = bench.test(Friction(limit=9.0), bench.population.unit(serial))
    told = Fell("turn", "turn", 3.0, (0.0, 0.0), math.nan, "") if fell else None
    return replace(WalkingTrial.of(made), fell=told)


def quadruped_bench(limit: float = 9.0) -> Bench:
    design, masses = quadruped()
    return Bench(design, masses, population(design), retests=0)


def visit(serial: int, fell: bool = False) -> Visit:
    return Visit(serial, Journey(1.0, serial, (), (trial(serial, fell),), ()))


def sample(*visits: Visit) -> WalkingSample:
    return WalkingSample((turn(),), visits, 1, 1.0)


def test_a_row_ends_with_the_first_fall_and_skips_who_was_turned_away() -> None:
    one = sample(visit(1), Visit(2, None, "friction: friction@hip"), visit(3), visit(4, fell=True), visit(5))
    assert (one.walked, one.fallen, one.in_a_row) == (4, 1, 2)
    assert one.proven == proven(3, 4)
    assert [serial for serial, _ in one.falls] == [4]
    assert sample(visit(1), visit(2)).in_a_row == 2


def test_the_cause_of_a_fall_is_the_leg_where_it_happened() -> None:
    assert trial(4, fell=True).cause == "falls@turn"


def test_a_unit_that_fails_the_bench_is_turned_away_with_the_reason() -> None:
    bench = quadruped_bench()
    unit = bench.population.unit(1)
    assert passes_bench(bench, (Friction(limit=9.0), Zero(limit=9.0)), unit)[0] == ""
    cause, _ = passes_bench(bench, (Friction(limit=0.1), Zero(limit=9.0)), unit)
    assert cause.startswith("friction: friction@")


def test_the_programme_of_every_unit_is_at_most_three_minutes_long() -> None:
    assert sum(procedure.seconds for procedure in WALKING) <= 180.0
    assert len({procedure.name for procedure in WALKING}) == len(WALKING)


@dataclass(frozen=True)
class _Again:
    """A procedure that a unit passes once it was calibrated as often as this."""

    wants: int
    name: str
    item: str = "robot"
    minutes: float = 1.0
    catches: tuple[str, ...] = ()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return (Measurement("lacks", Limits(None, 0.5)),)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        lacks = np.array([float(self.wants - int(str(specimen.memo["calibrated"])))])
        return {"lacks": Readings(("robot",), lacks, lacks)}


def test_a_unit_that_fails_on_its_legs_is_calibrated_anew_and_walks_that_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = [1]

    class Calibrate(Friction):
        def run(self, specimen: Specimen) -> Mapping[str, Readings]:
            times[0] += 1
            specimen.memo["calibrated"] = times[0]
            return super().run(specimen)

    monkeypatch.setattr("ironworks.robot.acceptance.walking.sample.CalibrationTest", lambda: Calibrate(limit=9.0))
    bench = quadruped_bench()
    procedures = (_Again(1, "easy"), _Again(2, "second"), _Again(9, "never"))
    memo: dict[str, object] = {"calibrated": 1}
    found = on_legs(bench, procedures, bench.population.unit(1), memo, attempts=3)  # type: ignore[arg-type]
    told = [(trial.procedure, trial.attempt, trial.verdict) for trial in found.trials]
    assert told == [
        ("easy", 1, PASS), ("second", 1, FAIL), ("never", 1, FAIL), ("second", 2, PASS), ("never", 2, FAIL),
        ("never", 3, FAIL),
    ]  # fmt: skip
    assert found.replaced == (("robot", 1, RETUNED), ("robot", 2, RETUNED))
    assert AcceptanceResult(procedures, Plan(), (found,), 1).check() == []


@pytest.mark.parametrize("programme", [WALKING, TERRAIN, MANIPULATION, SAFETY, GRASP, FIELD_TRIAL, SWEPT_PROGRAMME])
def test_a_programme_goes_to_other_processes_whole(programme: Sequence[Procedure]) -> None:
    there = pickle.loads(pickle.dumps(tuple(programme)))  # noqa: S301 - our own bytes
    assert [one.name for one in there] == [one.name for one in programme]
