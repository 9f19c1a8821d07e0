"""A calibrated unit on a course, in physics: it does what it is told, and a fall is kept with where and when."""

import math
from functools import lru_cache

import pytest
from tests.robot.control.robots import DESIGN, MASSES, PLACES

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.acceptance.walking import WalkingTest, turn
from ironworks.robot.acceptance.walking.course import Fell, Leg
from ironworks.robot.acceptance.walking.judges import FALLS, TILT
from ironworks.robot.acceptance.walking.sample import WalkingTrial
from ironworks.robot.asbuilt import population_of
from ironworks.robot.control import Command
from ironworks.scenario import read_scenario
from ironworks.verdicts import FAIL, PASS


@lru_cache(maxsize=1)
def calibrated() -> tuple[Bench, dict[str, object]]:
    """A bench with units as tianhe builds them, and what calibration found of the first one."""
    bench = Bench(DESIGN, MASSES, population_of(read_scenario("tianhe"), PLACES, seed=5).without_gross(), retests=0)
    memo: dict[str, object] = {}
    bench.test(CalibrationTest(), bench.population.unit(0), memo=memo)
    return bench, memo


def outcome(procedure: WalkingTest) -> WalkingTrial:
    bench, memo = calibrated()
    return WalkingTrial.of(bench.test(procedure, bench.population.unit(0), memo=dict(memo)))


def test_a_unit_turns_on_the_spot_as_it_is_told() -> None:
    trial = outcome(turn())
    assert trial.verdict == PASS, trial.cause
    assert trial.fell is None


def test_a_push_that_no_step_catches_is_a_fall_with_its_place_and_what_the_robot_told() -> None:
    legs = (Leg("calm", 1.0), Leg("pushed", 3.0, push=(2.5, 0.0)))
    trial = outcome(WalkingTest("hard", legs, (FALLS, TILT)))
    assert trial.verdict == FAIL
    assert trial.cause == "falls@pushed"
    fell = trial.fell
    assert isinstance(fell, Fell)
    assert 1.0 < fell.told < fell.time < 3.5
    assert fell.place[0] > 0.2 > abs(fell.place[1])


def test_the_same_course_gives_the_same_readings() -> None:
    short = WalkingTest("short", (Leg("ahead", 1.5, Command(forward=0.5, walk=True)),), (TILT,))
    first, again = (outcome(short).measured[0].values.ravel() for _ in range(2))
    assert first.tolist() == again.tolist()
    assert math.isfinite(first[0])


def test_two_legs_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two legs have one name in calm, calm"):
        WalkingTest("twice", (Leg("calm", 1.0), Leg("calm", 1.0)), (FALLS,))
